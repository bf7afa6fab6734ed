using DistillSharp.Tasks.Data;

namespace DistillSharp.Tests.Training;

/// <summary>Samples of which one cannot be read.</summary>
internal sealed class UnreadableSample(ISampleSource source, int bad) : ISampleSource
{
    public int Count => source.Count;

    public int LabelOf(int index) => source.LabelOf(index);

    public string Describe(int index) => source.Describe(index);

    public ImageSample Read(int index) => index == bad ? throw new DataException($"'{Describe(index)}' cannot be read.") : source.Read(index);
}
