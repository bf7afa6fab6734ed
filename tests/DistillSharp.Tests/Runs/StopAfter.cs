using DistillSharp.Observers;

namespace DistillSharp.Tests.Runs;

/// <summary>Stops a run after a step of one of its models.</summary>
internal sealed class StopAfter(string name, long step) : TrainingObserver, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private string? _now;

    public CancellationToken Token => _stop.Token;

    public override void OnStart(TrainingStart start) => _now = start.Name;

    public override void OnStep(TrainingStep taken)
    {
        if (_now == name && taken.Step == step)
        {
            _stop.Cancel();
        }
    }

    public void Dispose() => _stop.Dispose();
}
