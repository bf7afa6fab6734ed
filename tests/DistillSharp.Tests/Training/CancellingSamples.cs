using DistillSharp.Tasks.Data;

namespace DistillSharp.Tests.Training;

/// <summary>Held-out pictures that stop the run when enough of them were read.</summary>
internal sealed class CancellingSamples(ISampleSource inner, CancellationTokenSource stop, int readsBefore) : ISampleSource
{
    private int _reads;

    public int Count => inner.Count;

    public int LabelOf(int index) => inner.LabelOf(index);

    public string Describe(int index) => inner.Describe(index);

    public ImageSample Read(int index)
    {
        if (Interlocked.Increment(ref _reads) > readsBefore)
        {
            stop.Cancel();
        }

        return inner.Read(index);
    }
}
