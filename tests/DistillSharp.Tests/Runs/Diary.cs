using DistillSharp.Observers;

namespace DistillSharp.Tests.Runs;

/// <summary>Notes what was trained, and from which step to which.</summary>
internal sealed class Diary : TrainingObserver
{
    private readonly List<(string Name, long From, long To)> _trained = [];

    public IReadOnlyList<(string Name, long From, long To)> Trained => _trained;

    public string? Now { get; private set; }

    public override void OnStart(TrainingStart start)
    {
        Now = start.Name;
        _trained.Add((start.Name, start.FirstStep, start.FirstStep));
    }

    public override void OnStep(TrainingStep step) => _trained[^1] = _trained[^1] with { To = step.Step };

    public override void OnEnd() => Now = null;
}
