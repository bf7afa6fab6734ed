using DistillSharp.Observers;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

/// <summary>Keeps what it sees, and lets a test act at a step or an epoch.</summary>
internal sealed class WatchingObserver : TrainingObserver
{
    public List<TrainingStart> Starts { get; } = [];

    public List<TrainingStep> Steps { get; } = [];

    public List<EpochResult> Epochs { get; } = [];

    public int Ends { get; private set; }

    public Action<TrainingStart>? AtStart { get; init; }

    public Action<TrainingStep>? AtStep { get; init; }

    public Action<EpochResult>? AtEpoch { get; init; }

    public override void OnStart(TrainingStart start)
    {
        Starts.Add(start);
        AtStart?.Invoke(start);
    }

    public override void OnStep(TrainingStep step)
    {
        Steps.Add(step);
        AtStep?.Invoke(step);
    }

    public override void OnEpoch(EpochResult result)
    {
        Epochs.Add(result);
        AtEpoch?.Invoke(result);
    }

    public override void OnEnd() => Ends++;
}
