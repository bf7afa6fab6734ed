namespace DistillSharp.Tasks.Data;

/// <summary>Some of a source's samples, in a given order.</summary>
/// <param name="source">The source.</param>
/// <param name="indices">Positions in the source.</param>
public sealed class SampleSubset(ISampleSource source, IReadOnlyList<int> indices) : ISampleSource
{
    /// <inheritdoc/>
    public int Count => indices.Count;

    /// <summary>The samples whose class is not among some.</summary>
    /// <param name="source">The source.</param>
    /// <param name="omitted">0-based classes to leave out.</param>
    public static SampleSubset Without(ISampleSource source, IReadOnlySet<int> omitted) =>
        new(source, [.. Enumerable.Range(0, source.Count).Where(index => !omitted.Contains(source.LabelOf(index)))]);

    /// <inheritdoc/>
    public int LabelOf(int index) => source.LabelOf(indices[index]);

    /// <inheritdoc/>
    public string Describe(int index) => source.Describe(indices[index]);

    /// <inheritdoc/>
    public ImageSample Read(int index) => source.Read(indices[index]);
}
