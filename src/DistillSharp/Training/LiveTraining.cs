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
        Network = new(Executor, options, setup.Plugins);
        Companions = [];
        try
        {
            Companions = task.Prepare(Executor);
            _checkpoints = new(setup, task.Shipped);
            Position = _checkpoints.Resume(Network, Companions);
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

    /// <summary>The model and what moves it.</summary>
    public TrainedNetwork Network { get; }

    public Optimizer Optimizer => Network.Optimizer;

    public IReadOnlyList<Companion> Companions { get; }

    public TrainingPosition Position { get; }

    /// <summary>The file of the last epoch's model, or null if there is none.</summary>
    public string? LastGood => _checkpoints.LastGood;

    /// <summary>The best epoch's model.</summary>
    public byte[] BestModel => _checkpoints.BestModel;

    /// <summary>The models that are trained beside this one and evaluated with it.</summary>
    public IEnumerable<KeptModel> Models => Companions.SelectMany(companion => companion.Models);

    /// <summary>Computes the running statistics of averaged weights, where they are to be computed.</summary>
    /// <param name="batches">The batches.</param>
    public void RecomputeStatistics(Func<IEnumerable<TrainingBatch>> batches)
    {
        Network.RecomputeStatistics(batches);
        foreach (var model in Models)
        {
            model.RecomputeStatistics(batches);
        }
    }

    /// <summary>The model as a file: the averaged weights if there is an average.</summary>
    public byte[] Serialize()
    {
        SwapAverages();
        try
        {
            return _checkpoints.Serialize(Network);
        }
        finally
        {
            SwapAverages();
        }
    }

    /// <summary>Writes the epoch's model, and the best one if it is.</summary>
    public void Save(byte[] model, bool best) => _checkpoints.Save(model, best);

    /// <summary>Writes the state.</summary>
    public void SaveState() => _checkpoints.SaveState(Network, Position, Companions);

    public void ZeroGradients()
    {
        Network.ZeroGradients();
        foreach (var companion in Companions)
        {
            companion.ZeroGradients();
        }
    }

    /// <summary>Multiplies the pending gradients of earlier batches.</summary>
    public void ScaleGradients(double factor)
    {
        Network.ScaleGradients(factor);
        foreach (var companion in Companions)
        {
            companion.ScaleGradients(factor);
        }
    }

    public void Dispose()
    {
        foreach (var companion in Companions)
        {
            (companion as IDisposable)?.Dispose();
        }

        Network.Dispose();
        Executor.Dispose();
    }

    private void SwapAverages()
    {
        foreach (var companion in Companions)
        {
            companion.SwapAverages();
        }
    }

    private static void Tell(TrainerSetup setup, TrainingStudy study)
    {
        foreach (var observer in setup.Observers)
        {
            observer.OnStudy(study);
        }
    }
}
