namespace DistillSharp.Tasks.Data;

/// <summary>Samples of which only some keep their labels; the class of every other one is -1.</summary>
/// <param name="source">The samples.</param>
/// <param name="labeled">0-based positions of those that keep their labels.</param>
public sealed class PartlyLabeledSamples(ISampleSource source, IReadOnlySet<int> labeled) : ISampleSource
{
    /// <inheritdoc/>
    public int Count => source.Count;

    /// <inheritdoc/>
    public int LabelOf(int index) => labeled.Contains(index) ? source.LabelOf(index) : -1;

    /// <inheritdoc/>
    public string Describe(int index) => source.Describe(index);

    /// <inheritdoc/>
    public ImageSample Read(int index) => source.Read(index) with { Label = LabelOf(index) };
}
