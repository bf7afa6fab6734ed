using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>Some pictures of a source.</summary>
public sealed class DetectionSubset : IDetectionSource
{
    private readonly IDetectionSource _source;
    private readonly int[] _indices;

    /// <summary>Chooses pictures.</summary>
    /// <param name="source">The source.</param>
    /// <param name="indices">Their positions in it, in the order wanted.</param>
    public DetectionSubset(IDetectionSource source, IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(indices);
        foreach (int index in indices)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(indices));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, source.Count, nameof(indices));
        }

        (_source, _indices) = (source, [.. indices]);
    }

    /// <inheritdoc/>
    public int Count => _indices.Length;

    /// <summary>Takes a share of the pictures away, drawn by a seed; both parts keep the source's order.</summary>
    /// <param name="source">2 pictures or more.</param>
    /// <param name="share">The share that is held out, above 0 and below 1; one picture at least is on either side.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="DataException">There are fewer than 2 pictures.</exception>
    public static (DetectionSubset Kept, DetectionSubset HeldOut) Split(IDetectionSource source, double share, long seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Count < 2)
        {
            throw new DataException($"{source.Count} pictures cannot be split into some to train on and some to validate with. Add pictures, or name validation pictures.");
        }

        var random = new SampleRandom(seed, 0, -1);
        double[] keys = [.. Enumerable.Range(0, source.Count).Select(_ => random.NextDouble())];
        int held = Math.Clamp((int)Math.Round(share * source.Count), 1, source.Count - 1);
        var chosen = Enumerable.Range(0, source.Count).OrderBy(i => keys[i]).Take(held).ToHashSet();
        return (new(source, [.. Enumerable.Range(0, source.Count).Where(i => !chosen.Contains(i))]), new(source, [.. chosen.Order()]));
    }

    /// <inheritdoc/>
    public string Describe(int index) => _source.Describe(_indices[index]);

    /// <inheritdoc/>
    public (int Width, int Height) SizeOf(int index) => _source.SizeOf(_indices[index]);

    /// <inheritdoc/>
    public IReadOnlyList<BoxLabel> LabelsOf(int index) => _source.LabelsOf(_indices[index]);

    /// <inheritdoc/>
    public PixelImage Read(int index) => _source.Read(_indices[index]);
}
