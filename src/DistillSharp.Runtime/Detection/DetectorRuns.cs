namespace DistillSharp.Runtime.Detection;

/// <summary>A detector's runs on one picture, by the input's size; those of the last few sizes are kept.</summary>
/// <param name="session">The model, which outlives them.</param>
internal sealed class DetectorRuns(ModelSession session) : IDisposable
{
    private const int Kept = 4;
    private readonly LinkedList<((int Height, int Width) Size, DetectorRun Run)> _runs = [];

    /// <summary>The run for a size.</summary>
    public DetectorRun For(int height, int width)
    {
        var node = _runs.First;
        while (node is not null && node.Value.Size != (height, width))
        {
            node = node.Next;
        }

        if (node is null)
        {
            node = new(((height, width), new(session, height, width)));
            if (_runs.Count == Kept)
            {
                _runs.Last!.Value.Run.Dispose();
                _runs.RemoveLast();
            }
        }
        else
        {
            _runs.Remove(node);
        }

        _runs.AddFirst(node);
        return node.Value.Run;
    }

    public void Dispose()
    {
        foreach (var (_, run) in _runs)
        {
            run.Dispose();
        }

        _runs.Clear();
    }
}
