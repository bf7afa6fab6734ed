using DistillSharp.Execution;
using DistillSharp.Observers;

namespace DistillSharp.Training;

/// <summary>Everything of a training that is under way: what a step changes and a checkpoint saves.</summary>
internal sealed class LiveTraining : IDisposable
{
    private readonly Checkpoints _checkpoints;

    public LiveTraining(TrainerSetup setup, TrainingTask task, CancellationToken cancellation)
    {
        var options = setup.Options;
        Executor = new(FrozenModules.Of(setup.Graph, options.Freeze), new() { Device = setup.Device, Seed = setup.Seed, Wanted = task.Wanted });
        Optimizer = setup.Plugins.Optimizers.Create(options.Optimizer);
        Average = options.EmaDecay > 0 ? new WeightAverage(Executor.Weights, options.EmaDecay, options.EmaTau, options.EmaStatistics ? Executor.Statistics : null) : null;
        Companions = [];
        try
        {
            Companions = task.Prepare(Executor, () => setup.Plugins.Optimizers.Create(options.Optimizer));
            _checkpoints = new(setup, task.Shipped);
            Position = _checkpoints.Resume(Executor, Optimizer, Average, Companions);
            task.Begin(Executor, Position.Step == 0, (step, steps) => Tell(setup, new(setup.Name, setup.Folder, step, steps)), cancellation);
        }
        catch
        {
            Dispose();
            throw;
        }

        if (task.Balance is { } balance)
        {
            balance.Norms = Position.BalanceNorms;
        }
    }

    public GraphExecutor Executor { get; }

    public Optimizer Optimizer { get; }

    public WeightAverage? Average { get; }

    public IReadOnlyList<Companion> Companions { get; }

    public TrainingPosition Position { get; }

    /// <summary>The file of the last epoch's model, or null if there is none.</summary>
    public string? LastGood => _checkpoints.LastGood;

    /// <summary>The best epoch's model.</summary>
    public byte[] BestModel => _checkpoints.BestModel;

    /// <summary>The model as a file: the averaged weights if there is an average.</summary>
    public byte[] Serialize() => _checkpoints.Serialize(Executor, Average);

    /// <summary>Writes the epoch's model, and the best one if it is.</summary>
    public void Save(byte[] model, bool best) => _checkpoints.Save(model, best);

    /// <summary>Writes the state.</summary>
    public void SaveState() => _checkpoints.SaveState(Executor, Optimizer, Average, Position, Companions);

    public void ZeroGradients()
    {
        Executor.ZeroGradients();
        foreach (var companion in Companions)
        {
            companion.ZeroGradients();
        }
    }

    public void Dispose()
    {
        foreach (var companion in Companions)
        {
            (companion as IDisposable)?.Dispose();
        }

        Average?.Dispose();
        Optimizer.Dispose();
        Executor.Dispose();
    }

    private static void Tell(TrainerSetup setup, TrainingStudy study)
    {
        foreach (var observer in setup.Observers)
        {
            observer.OnStudy(study);
        }
    }
}
