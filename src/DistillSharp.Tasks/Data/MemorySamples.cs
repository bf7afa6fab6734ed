using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Data;

/// <summary>Samples held in memory as bytes, all of one size.</summary>
public sealed class MemorySamples : ISampleSource
{
    private readonly PixelImage[] _images;
    private readonly byte[] _labels;
    private readonly string _name;

    /// <summary>Creates the source.</summary>
    /// <param name="name">What messages call it: a file.</param>
    /// <param name="images">The pictures.</param>
    /// <param name="labels">Their 0-based classes.</param>
    public MemorySamples(string name, IReadOnlyList<PixelImage> images, ReadOnlySpan<byte> labels)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count != labels.Length)
        {
            throw new DataException($"{name}: {images.Count} pictures do not fit {labels.Length} labels.");
        }

        (_name, _images, _labels) = (name, [.. images], labels.ToArray());
    }

    /// <inheritdoc/>
    public int Count => _images.Length;

    /// <inheritdoc/>
    public int LabelOf(int index) => _labels[index];

    /// <inheritdoc/>
    public string Describe(int index) => $"{_name}, record {index}";

    /// <inheritdoc/>
    public ImageSample Read(int index) => new(_images[index], _labels[index]);
}
