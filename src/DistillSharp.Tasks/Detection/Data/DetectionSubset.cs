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

        int held = Math.Clamp((int)Math.Round(share * source.Count), 1, source.Count - 1);
        var chosen = Shuffled(source.Count, seed, draw: -1).Take(held).ToHashSet();
        return (new(source, [.. Enumerable.Range(0, source.Count).Where(i => !chosen.Contains(i))]), new(source, [.. chosen.Order()]));
    }

    /// <summary>Keeps a share of the pictures, drawn by a seed, in the source's order. With one seed, a larger share holds all pictures of a smaller one. Ultralytics calls it <c>fraction</c>.</summary>
    /// <param name="source">1 picture or more.</param>
    /// <param name="share">The share that is kept, above 0 up to 1, rounded to whole pictures; one at least is kept.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="DataException">There is no picture.</exception>
    public static DetectionSubset Share(IDetectionSource source, double share, long seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (share is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share of the pictures that is kept must be above 0 and at most 1.");
        }

        if (source.Count == 0)
        {
            throw new DataException("There is no picture to keep a share of. Add pictures.");
        }

        int kept = Math.Max(1, (int)Math.Round(share * source.Count));
        return new(source, [.. Shuffled(source.Count, seed, draw: -2).Take(kept).Order()]);
    }

    /// <inheritdoc/>
    public string Describe(int index) => _source.Describe(_indices[index]);

    /// <inheritdoc/>
    public (int Width, int Height) SizeOf(int index) => _source.SizeOf(_indices[index]);

    /// <inheritdoc/>
    public IReadOnlyList<BoxLabel> LabelsOf(int index) => _source.LabelsOf(_indices[index]);

    /// <inheritdoc/>
    public PixelImage Read(int index) => _source.Read(_indices[index]);

    /// <summary>Positions in an order drawn by a seed.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="draw">What they are drawn for, so that one draw does not hang on another: -1 to split, -2 for a share, -3 for folds.</param>
    internal static IEnumerable<int> Shuffled(int count, long seed, int draw)
    {
        var random = new SampleRandom(seed, 0, draw);
        double[] keys = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
        return Enumerable.Range(0, count).OrderBy(i => keys[i]);
    }
}
