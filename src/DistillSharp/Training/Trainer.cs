using System.Diagnostics;
using DistillSharp.Execution;
using DistillSharp.Native;
using DistillSharp.Observers;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>
/// The one loop. For every epoch: for every batch: the student's forward, the objective's terms, backward, clip, step,
/// constrain, average. Then: serialise, evaluate on the held-out pictures, keep the best, save the state.
/// </summary>
public sealed class Trainer
{
    private readonly TrainerSetup _setup;
    private readonly TrainingOptions _options;
    private readonly TrainingTask _task;
    private readonly TrainingPace _pace;

    /// <summary>Prepares training; nothing is written yet.</summary>
    /// <param name="setup">What to train, on what, for what.</param>
    /// <exception cref="DllNotFoundException">A native library is missing or does not fit; the message names every package to add.</exception>
    public Trainer(TrainerSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        NativeLibraries.EnsureForTraining();
        _setup = setup;
        _task = setup.Open();
        _options = setup.Options.Over(_task.BatchCount);
        _pace = new(_options, setup.Plugins.Schedules.Create(_options.Schedule), _task.BatchCount);
    }

    /// <summary>The epochs it trains for: those of the options, or as many as their minimum number of steps asks for.</summary>
    public int Epochs => _options.Epochs;

    /// <summary>Trains, from the start or from the saved state.</summary>
    /// <param name="cancellation">Stops after the current step; the state is saved first, but for a study of the teacher, which begins anew.</param>
    /// <returns>The best model and the curve.</returns>
    /// <exception cref="OperationCanceledException">Training was stopped; it can be resumed from the folder.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    public TrainingResult Train(CancellationToken cancellation = default)
    {
        using var live = new LiveTraining(_setup, _task, cancellation);
        var position = live.Position;
        if (position.Step == 0)
        {
            ObjectiveCheck.Verify(live.Executor, _task.TermKeys, _task.Epoch(0, 0, cancellation).First(batch => batch.FeedsEveryTerm), live.Companions);
        }

        Tell(observer => observer.OnStart(new(_setup.Name, _setup.Folder, _options.Epochs, _task.BatchCount, position.Step) { FinishedEpochs = position.Epoch, Columns = _task.Columns }));
        try
        {
            while (!position.Finished)
            {
                TrainEpoch(live, cancellation);
                EndEpoch(live, cancellation);
                StopAtChance(position);
            }
        }
        finally
        {
            Tell(observer => observer.OnEnd());
        }

        return new(live.BestModel, position.BestEpochNumber, position.Curve, position.Curve.Count < _options.Epochs, BadSamples(position));
    }

    private void TrainEpoch(LiveTraining live, CancellationToken cancellation)
    {
        var position = live.Position;
        var clock = Stopwatch.StartNew();
        double earlier = position.Tally.Seconds;
        foreach (var batch in _task.Epoch(position.Epoch, position.StepInEpoch, CancellationToken.None))
        {
            double loss = Step(live, batch, out double rate);
            position.Step++;
            position.StepInEpoch++;
            position.Tally.Seconds = earlier + clock.Elapsed.TotalSeconds;
            var step = new TrainingStep(position.Step, position.Epoch + 1, position.StepInEpoch, batch.Count, rate, loss);
            Tell(observer => observer.OnStep(step));
            if (cancellation.IsCancellationRequested)
            {
                SaveState(live);
                cancellation.ThrowIfCancellationRequested();
            }
        }

        if (position.Pending > 0 && position.Epoch + 1 == _options.Epochs)
        {
            Update(live, Pace(live, position.Step - 1));
        }
    }

    private double Step(LiveTraining live, TrainingBatch batch, out double rate)
    {
        var position = live.Position;
        using var input = batch.Input(live.Executor, position.Step);
        using var outputs = live.Executor.Train(input, position.Step);
        var terms = Terms(live, batch, outputs);
        try
        {
            using var total = Objective.Total(terms);
            double loss = total.ToDouble();
            if (!double.IsFinite(loss))
            {
                throw new TrainingDivergedException(_setup.Name, position.Step + 1, position.Epoch + 1, $"the loss became {loss}", live.LastGood);
            }

            if (position.Pending == 0)
            {
                MeasureGradients(live, terms);
                live.ZeroGradients();
            }

            Backward(live, total, batch.Count);
            var step = Pace(live, position.Step);
            rate = step.LearningRate;
            if (position.Pending >= _pace.BatchesPerUpdate(position.Step))
            {
                Update(live, step);
            }

            position.Tally.Add(batch.Count, (batch.CountRight(outputs), batch.CountAnswered), loss, batch.Report(_task.TermKeys, terms));
            position.Tally.AddWeighted(batch.Count, _task.TermKeys, terms);
            return loss;
        }
        finally
        {
            foreach (var (_, value) in terms)
            {
                value.Dispose();
            }
        }
    }

    /// <summary>
    /// Adds the batch's gradient to those that wait. Where a batch's loss is a mean, they stay the gradient of the mean over all images of these batches; where it is a sum, of the sum.
    /// </summary>
    private void Backward(LiveTraining live, Tensor total, int images)
    {
        var position = live.Position;
        double share = _task.Loss == BatchLoss.Sum || position.Pending == 0 ? 1 : (double)images / (position.PendingImages + images);
        if (share == 1)
        {
            total.backward();
        }
        else
        {
            live.ScaleGradients(1 - share);
            using var counted = total.mul(Number.Of(share));
            counted.backward();
        }

        foreach (var companion in live.Companions)
        {
            companion.Backward(share);
        }

        position.Pending++;
        position.PendingImages += images;
    }

    private OptimizerStep Pace(LiveTraining live, long step) => _pace.At(step, live.Position.Updates, live.Optimizer.LearningRate, live.Optimizer.Momentum);

    private IReadOnlyList<(double Weight, Tensor Value)> Terms(LiveTraining live, TrainingBatch batch, NamedTensors outputs)
    {
        var position = live.Position;
        try
        {
            double progress = position.Step / ((double)_task.BatchCount * _options.Epochs);
            return batch.Terms(outputs, live.Executor, new(progress, position.Epoch, position.Step));
        }
        catch (ArithmeticException error)
        {
            throw new TrainingDivergedException(_setup.Name, position.Step + 1, position.Epoch + 1, error.Message, live.LastGood);
        }
    }

    /// <summary>Looks at each term's gradient where the epoch's report or a balance of the terms wants it.</summary>
    private void MeasureGradients(LiveTraining live, IReadOnlyList<(double Weight, Tensor Value)> terms)
    {
        var position = live.Position;
        bool told = _task.TellsGradients && position.Tally.Gradients.Count == 0, balanced = _task.Balance is { } one && position.Updates % one.Every == 0;
        if (!told && !balanced)
        {
            return;
        }

        double[] norms = TermGradients.Measure(live.Executor, terms, live.Companions);
        if (told)
        {
            for (int i = 0; i < norms.Length; i++)
            {
                position.Tally.Gradients[_task.TermKeys[i]] = norms[i] * terms[i].Weight;
            }
        }

        if (balanced)
        {
            _task.Balance!.Measured(norms);
            position.BalanceNorms = _task.Balance.Norms;
        }
    }

    private static void Update(LiveTraining live, OptimizerStep step)
    {
        var position = live.Position;
        live.Network.Step(step);
        foreach (var companion in live.Companions)
        {
            companion.Step(step);
            companion.OnUpdated(live.Executor, position.Updates);
        }

        position.Updates++;
        position.Pending = position.PendingImages = 0;
    }

    /// <summary>The epoch's line and state are written: a run with other settings can be compared with it.</summary>
    private void StopAtChance(TrainingPosition position)
    {
        if (!position.Finished && _task.Guard?.Complaint(position.Curve) is { } what)
        {
            throw new TrainingStuckException(_setup.Name, position.Epoch, what);
        }
    }

    private void EndEpoch(LiveTraining live, CancellationToken cancellation)
    {
        var position = live.Position;
        bool last = position.Epoch + 1 == _options.Epochs;
        CheckWeights(live);
        var clock = Stopwatch.StartNew();
        live.RecomputeStatistics(_task.StatisticsBatches);
        byte[] model = live.Serialize();
        bool evaluated = _task.HasHeldOut && (last || (position.Epoch + 1) % _options.ValidateEvery == 0);
        var heldOut = evaluated ? Evaluate(live, model, cancellation) : null;
        foreach (var beside in live.Models)
        {
            var score = evaluated ? Evaluate(live, beside.Serialize(), cancellation) : null;
            beside.Keep(TrainingScore.Choosing(score));
        }

        var result = Result(live, heldOut, clock.Elapsed.TotalSeconds);
        bool best = position.Add(result);
        position.Epoch++;
        position.StepInEpoch = 0;
        position.Tally = new();
        position.Finished = last || (_options.Patience > 0 && position.SinceBest >= _options.Patience);
        live.Save(model, best);

        // In this order a run that is killed in between repeats the epoch; in the other its line would be lost.
        Tell(observer => observer.OnEpoch(result));
        SaveState(live);
    }

    private EpochResult Result(LiveTraining live, TrainingScore? heldOut, double validationSeconds)
    {
        var (position, tally) = (live.Position, live.Position.Tally);
        var pace = Pace(live, Math.Max(0, position.Step - 1));
        return new()
        {
            EpochNumber = position.Epoch + 1,
            Step = position.Step,
            Loss = tally.Loss / Math.Max(1, tally.Seen),
            Terms = tally.MeanOf(tally.Terms),
            WeightedTerms = _task.TellsGradients ? tally.MeanOf(tally.Weighted) : new Dictionary<string, double>(),
            GradientNorms = tally.Gradients,
            TrainAccuracy = tally.Accuracy,
            LearningRate = pace.LearningRate,
            BiasLearningRate = pace.BiasLearningRate,
            ValidationScore = heldOut?.Score,
            ValidationLoss = heldOut?.Loss,
            ValidationError = heldOut?.Error,
            Measures = heldOut?.Measures ?? new Dictionary<string, double>(),
            TrainSeconds = tally.Seconds,
            ValidationSeconds = validationSeconds,
            ElapsedSeconds = (position.Curve.Count > 0 ? position.Curve[^1].ElapsedSeconds : 0) + tally.Seconds + validationSeconds,
            ImagesPerSecond = tally.Seen / Math.Max(1e-9, tally.Seconds),
        };
    }

    private void SaveState(LiveTraining live)
    {
        live.Position.BadSamples = BadSamples(live.Position);
        live.SaveState();
    }

    /// <summary>The last step's gradient may have spoilt the weights though its loss was finite: they must not replace the last good ones.</summary>
    private void CheckWeights(LiveTraining live)
    {
        using var guard = no_grad();
        using var weights = live.Executor.Weights.Values.isfinite();
        using var statistics = live.Executor.Statistics.Values.isfinite();
        using var weightsFinite = weights.all();
        using var statisticsFinite = statistics.all();
        if (!weightsFinite.ToBoolean() || !statisticsFinite.ToBoolean())
        {
            throw new TrainingDivergedException(_setup.Name, live.Position.Step, live.Position.Epoch + 1, "its weights became NaN or infinite", live.LastGood);
        }
    }

    private TrainingScore Evaluate(LiveTraining live, byte[] model, CancellationToken cancellation)
    {
        try
        {
            return _task.Evaluate(model, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The epoch's steps are done: the resumed run begins with this evaluation.
            SaveState(live);
            throw;
        }
    }

    /// <summary>Those of this process and, after a resume, those of the ones before.</summary>
    private IReadOnlyList<string> BadSamples(TrainingPosition position) => [.. position.BadSamples.Union(_task.BadSamples)];

    private void Tell(Action<TrainingObserver> what)
    {
        foreach (var observer in _setup.Observers)
        {
            what(observer);
        }
    }
}
