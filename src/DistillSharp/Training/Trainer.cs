using DistillSharp.Native;
using System.Diagnostics;
using DistillSharp.Execution;
using DistillSharp.Graph;
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
    public Trainer(TrainerSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        _setup = setup;
        _options = setup.Options;
        _task = setup.Open();
        _pace = new(_options, setup.Plugins.Schedules.Create(_options.Schedule), _task.BatchCount);
    }

    /// <summary>Trains, from the start or from the saved state.</summary>
    /// <param name="cancellation">Stops after the current step; the state is saved first.</param>
    /// <returns>The best model and the curve.</returns>
    /// <exception cref="OperationCanceledException">Training was stopped; it can be resumed from the folder.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    public TrainingResult Train(CancellationToken cancellation = default)
    {
        using var executor = new GraphExecutor(FrozenModules.Of(_setup.Graph, _options.Freeze), new() { Device = _setup.Device, Seed = _setup.Seed, Wanted = _task.Wanted });
        using var optimizer = _setup.Plugins.Optimizers.Create(_options.Optimizer);
        using var average = _options.EmaDecay > 0 ? new WeightAverage(executor.Weights, _options.EmaDecay, _options.EmaTau, _options.EmaStatistics ? executor.Statistics : null) : null;
        var checkpoints = new Checkpoints(_setup);
        var position = checkpoints.Resume(executor, optimizer, average);
        if (position.Step == 0)
        {
            ObjectiveCheck.Verify(executor, _task.TermKeys, _task.Epoch(0, 0, cancellation).First());
        }

        Tell(observer => observer.OnStart(new(_setup.Name, _setup.Folder, _options.Epochs, _task.BatchCount, position.Step) { FinishedEpochs = position.Epoch, Columns = _task.Columns }));
        try
        {
            while (!position.Finished)
            {
                TrainEpoch(executor, optimizer, average, position, checkpoints, cancellation);
                EndEpoch(executor, optimizer, average, position, checkpoints, cancellation);
            }
        }
        finally
        {
            Tell(observer => observer.OnEnd());
        }

        return new(checkpoints.BestModel, position.BestEpochNumber, position.Curve, position.Curve.Count < _options.Epochs, BadSamples(position));
    }

    private void TrainEpoch(
        GraphExecutor executor, Optimizer optimizer, WeightAverage? average, TrainingPosition position, Checkpoints checkpoints, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        double earlier = position.Tally.Seconds;
        foreach (var batch in _task.Epoch(position.Epoch, position.StepInEpoch, CancellationToken.None))
        {
            double loss = Step(executor, optimizer, average, position, batch, out double rate, checkpoints);
            position.Step++;
            position.StepInEpoch++;
            position.Tally.Seconds = earlier + clock.Elapsed.TotalSeconds;
            var step = new TrainingStep(position.Step, position.Epoch + 1, position.StepInEpoch, batch.Count, rate, loss);
            Tell(observer => observer.OnStep(step));
            if (cancellation.IsCancellationRequested)
            {
                SaveState(executor, optimizer, average, position, checkpoints);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private double Step(
        GraphExecutor executor, Optimizer optimizer, WeightAverage? average, TrainingPosition position, TrainingBatch batch, out double rate, Checkpoints checkpoints)
    {
        using var input = batch.Input(executor, position.Step);
        using var outputs = executor.Train(input, position.Step);
        var terms = Terms(batch, outputs, executor, position, checkpoints);
        try
        {
            using var total = Objective.Total(terms);
            double loss = total.ToDouble();
            if (!double.IsFinite(loss))
            {
                throw new TrainingDivergedException(_setup.Name, position.Step + 1, position.Epoch + 1, $"the loss became {loss}", checkpoints.LastGood);
            }

            if (position.Pending == 0)
            {
                executor.ZeroGradients();
            }

            total.backward();
            position.Pending++;
            var step = _pace.At(position.Step, position.Updates, optimizer.LearningRate, optimizer.Momentum);
            rate = step.LearningRate;
            if (position.Pending >= _pace.BatchesPerUpdate(position.Step))
            {
                Update(executor, optimizer, average, position, step);
            }

            position.Tally.Add(batch.Count, batch.CountRight(outputs), loss, batch.Report(_task.TermKeys, terms));
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

    private IReadOnlyList<(double Weight, Tensor Value)> Terms(TrainingBatch batch, NamedTensors outputs, GraphExecutor executor, TrainingPosition position, Checkpoints checkpoints)
    {
        try
        {
            return batch.Terms(outputs, executor);
        }
        catch (ArithmeticException error)
        {
            throw new TrainingDivergedException(_setup.Name, position.Step + 1, position.Epoch + 1, error.Message, checkpoints.LastGood);
        }
    }

    private void Update(GraphExecutor executor, Optimizer optimizer, WeightAverage? average, TrainingPosition position, OptimizerStep step)
    {
        Clip(executor.Gradients);
        optimizer.Step(executor.Weights, executor.Gradients, step);
        if (_options.MaxNorm > 0)
        {
            MaxNormConstraint.Apply(executor.Weights, _options.MaxNorm);
        }

        average?.Update(position.Updates);
        position.Updates++;
        position.Pending = 0;
    }

    private void EndEpoch(
        GraphExecutor executor, Optimizer optimizer, WeightAverage? average, TrainingPosition position, Checkpoints checkpoints, CancellationToken cancellation)
    {
        var tally = position.Tally;
        bool last = position.Epoch + 1 == _options.Epochs;
        CheckWeights(executor, position, checkpoints);
        byte[] model = checkpoints.Serialize(executor, average);
        var clock = Stopwatch.StartNew();
        var heldOut = _task.HasHeldOut && (last || (position.Epoch + 1) % _options.ValidateEvery == 0)
            ? Evaluate(model, () => SaveState(executor, optimizer, average, position, checkpoints), cancellation)
            : null;
        var pace = _pace.At(Math.Max(0, position.Step - 1), position.Updates, optimizer.LearningRate, optimizer.Momentum);
        var result = new EpochResult
        {
            EpochNumber = position.Epoch + 1,
            Step = position.Step,
            Loss = tally.Loss / Math.Max(1, tally.Seen),
            Terms = tally.Terms.ToDictionary(term => term.Key, term => term.Value / Math.Max(1, tally.Seen)),
            TrainAccuracy = tally.Accuracy,
            LearningRate = pace.LearningRate,
            BiasLearningRate = pace.BiasLearningRate,
            ValidationScore = heldOut?.Score,
            ValidationLoss = heldOut?.Loss,
            Measures = heldOut?.Measures ?? new Dictionary<string, double>(),
            TrainSeconds = tally.Seconds,
            ValidationSeconds = clock.Elapsed.TotalSeconds,
            ElapsedSeconds = (position.Curve.Count > 0 ? position.Curve[^1].ElapsedSeconds : 0) + tally.Seconds + clock.Elapsed.TotalSeconds,
            ImagesPerSecond = tally.Seen / Math.Max(1e-9, tally.Seconds),
        };
        bool best = position.Add(result);
        position.Epoch++;
        position.StepInEpoch = 0;
        position.Tally = new();
        position.Finished = last || (_options.Patience > 0 && position.SinceBest >= _options.Patience);
        checkpoints.Save(model, best);

        // In this order a run that is killed in between repeats the epoch; in the other its line would be lost.
        Tell(observer => observer.OnEpoch(result));
        SaveState(executor, optimizer, average, position, checkpoints);
    }

    private void SaveState(GraphExecutor executor, Optimizer optimizer, WeightAverage? average, TrainingPosition position, Checkpoints checkpoints)
    {
        position.BadSamples = BadSamples(position);
        checkpoints.SaveState(executor, optimizer, average, position);
    }

    /// <summary>The last step's gradient may have spoilt the weights though its loss was finite: they must not replace the last good ones.</summary>
    private void CheckWeights(GraphExecutor executor, TrainingPosition position, Checkpoints checkpoints)
    {
        using var guard = no_grad();
        using var weights = executor.Weights.Values.isfinite();
        using var statistics = executor.Statistics.Values.isfinite();
        using var weightsFinite = weights.all();
        using var statisticsFinite = statistics.all();
        if (!weightsFinite.ToBoolean() || !statisticsFinite.ToBoolean())
        {
            throw new TrainingDivergedException(_setup.Name, position.Step, position.Epoch + 1, "its weights became NaN or infinite", checkpoints.LastGood);
        }
    }

    private TrainingScore Evaluate(byte[] model, Action saveState, CancellationToken cancellation)
    {
        try
        {
            return _task.Evaluate(model, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The epoch's steps are done: the resumed run begins with this evaluation.
            saveState();
            throw;
        }
    }

    /// <summary>Those of this process and, after a resume, those of the ones before.</summary>
    private IReadOnlyList<string> BadSamples(TrainingPosition position) => [.. position.BadSamples.Union(_task.BadSamples)];

    private void Clip(Tensor gradients)
    {
        if (_options.ClipNorm > 0)
        {
            using var norm = gradients.norm();
            double length = norm.ToDouble();
            if (length > _options.ClipNorm)
            {
                gradients.mul_(Number.Of(_options.ClipNorm / (length + 1e-6)));
            }
        }
    }

    private void Tell(Action<TrainingObserver> what)
    {
        foreach (var observer in _setup.Observers)
        {
            what(observer);
        }
    }
}
