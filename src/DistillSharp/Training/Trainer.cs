using DistillSharp.Native;
using System.Diagnostics;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Observers;
using DistillSharp.Tasks.Classification;
using DistillSharp.Tasks.Data;
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
    private readonly Objective _objective;
    private readonly Schedule _schedule;
    private readonly BatchLoader _loader;

    /// <summary>Prepares training; nothing is written yet.</summary>
    /// <param name="setup">What to train, on what, for what.</param>
    public Trainer(TrainerSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        _setup = setup;
        _options = setup.Options;
        _objective = setup.Objective ?? Objective.HardLabels(_options.LabelSmoothing);
        _schedule = setup.Plugins.Schedules.Create(_options.Schedule);
        _loader = new(setup.Data, new()
        {
            BatchSize = _options.Batch,
            Workers = setup.Workers,
            Shuffle = true,
            SkipBad = setup.SkipBad,
            Seed = setup.Seed,
            Input = setup.Card.Input,
            Augmentations = [.. _options.Augment.Select(setup.Plugins.Augmentations.Create)],
        });
    }

    /// <summary>Trains, from the start or from the saved state.</summary>
    /// <param name="cancellation">Stops after the current step; the state is saved first.</param>
    /// <returns>The best model and the curve.</returns>
    /// <exception cref="OperationCanceledException">Training was stopped; it can be resumed from the folder.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    public TrainingResult Train(CancellationToken cancellation = default)
    {
        using var executor = new GraphExecutor(_setup.Graph, new() { Device = _setup.Device, Seed = _setup.Seed });
        using var optimizer = _setup.Plugins.Optimizers.Create(_options.Optimizer);
        using var average = _options.EmaDecay > 0 ? new WeightAverage(executor.Weights, _options.EmaDecay) : null;
        var checkpoints = new Checkpoints(_setup);
        var position = checkpoints.Resume(executor, optimizer, average);
        if (position.Step == 0)
        {
            ObjectiveCheck.Verify(executor, _objective, _loader.Epoch(0, 0, cancellation).First());
        }

        Tell(observer => observer.OnStart(new(_setup.Name, _setup.Folder, _options.Epochs, _loader.BatchCount, position.Step)));
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
        foreach (var batch in _loader.Epoch(position.Epoch, position.StepInEpoch, CancellationToken.None))
        {
            double loss = Step(executor, optimizer, average, position, batch, out double factor, checkpoints);
            position.Step++;
            position.StepInEpoch++;
            position.Tally.Seconds = earlier + clock.Elapsed.TotalSeconds;
            var step = new TrainingStep(position.Step, position.Epoch + 1, position.StepInEpoch, batch.Count, optimizer.LearningRate * factor, loss);
            Tell(observer => observer.OnStep(step));
            if (cancellation.IsCancellationRequested)
            {
                SaveState(executor, optimizer, average, position, checkpoints);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private double Step(
        GraphExecutor executor, Optimizer optimizer, WeightAverage? average, TrainingPosition position, Batch batch, out double factor, Checkpoints checkpoints)
    {
        using var input = BatchTensors.Pixels(batch, executor);
        using var labels = BatchTensors.Labels(batch, executor);
        using var outputs = executor.Train(input, position.Step);
        var logits = outputs[outputs.Names.First()];
        var terms = _objective.Terms(logits, labels, batch);
        try
        {
            using var total = Objective.Total(terms);
            double loss = total.ToDouble();
            if (!double.IsFinite(loss))
            {
                throw new TrainingDivergedException(_setup.Name, position.Step + 1, position.Epoch + 1, $"the loss became {loss}", checkpoints.LastGood);
            }

            executor.ZeroGradients();
            total.backward();
            Clip(executor.Gradients);
            factor = FactorAt(position);
            optimizer.Step(executor.Weights, executor.Gradients, factor, position.Step);
            if (_options.MaxNorm > 0)
            {
                MaxNormConstraint.Apply(executor.Weights, _options.MaxNorm);
            }

            average?.Update(position.Step);
            position.Tally.Add(batch.Count, BatchTensors.CountRight(logits, batch.Labels.Span[..batch.Count]), loss, _objective.TermKeys.Zip(terms, (key, term) => (key, term.Value.ToDouble())));
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

    private void EndEpoch(
        GraphExecutor executor, Optimizer optimizer, WeightAverage? average, TrainingPosition position, Checkpoints checkpoints, CancellationToken cancellation)
    {
        var tally = position.Tally;
        bool last = position.Epoch + 1 == _options.Epochs;
        CheckWeights(executor, position, checkpoints);
        byte[] model = checkpoints.Serialize(executor, average);
        var clock = Stopwatch.StartNew();
        var heldOut = _setup.HeldOut is { } source && (last || (position.Epoch + 1) % _options.ValidateEvery == 0)
            ? Evaluate(checkpoints, model, source, () => SaveState(executor, optimizer, average, position, checkpoints), cancellation)
            : null;
        var result = new EpochResult
        {
            EpochNumber = position.Epoch + 1,
            Step = position.Step,
            Loss = tally.Loss / Math.Max(1, tally.Seen),
            Terms = tally.Terms.ToDictionary(term => term.Key, term => term.Value / Math.Max(1, tally.Seen)),
            TrainAccuracy = (double)tally.Right / Math.Max(1, tally.Seen),
            LearningRate = optimizer.LearningRate * FactorAt(position, stepsBack: 1),
            ValidationAccuracy = heldOut?.Top1,
            ValidationLoss = heldOut?.Nll,
            TrainSeconds = tally.Seconds,
            ValidationSeconds = clock.Elapsed.TotalSeconds,
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

    private static ClassificationScore Evaluate(Checkpoints checkpoints, byte[] model, ISampleSource source, Action saveState, CancellationToken cancellation)
    {
        try
        {
            return checkpoints.Evaluate(model, source, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The epoch's steps are done: the resumed run begins with this evaluation.
            saveState();
            throw;
        }
    }

    /// <summary>Those of this process and, after a resume, those of the ones before.</summary>
    private IReadOnlyList<string> BadSamples(TrainingPosition position) => [.. position.BadSamples.Union(_loader.BadSamples)];

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

    private double FactorAt(TrainingPosition position, int stepsBack = 0)
    {
        long step = Math.Max(0, position.Step - stepsBack), perEpoch = _loader.BatchCount;
        double warm = _options.WarmupEpochs * perEpoch;
        double factor = _schedule.FactorAt((double)step / (perEpoch * _options.Epochs), (int)(step / perEpoch));
        return step < warm ? factor * Math.Min(1, (step + 1) / warm) : factor;
    }

    private void Tell(Action<TrainingObserver> what)
    {
        foreach (var observer in _setup.Observers)
        {
            what(observer);
        }
    }
}
