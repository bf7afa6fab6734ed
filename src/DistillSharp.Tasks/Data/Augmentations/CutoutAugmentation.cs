using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Data.Augmentations;

/// <summary>Blanks a square at a random place; it may hang over the edge (arXiv:1708.04552).</summary>
/// <param name="options">The options.</param>
[Plugin("cutout", "Blanks a square at a random place (arXiv:1708.04552)")]
public sealed class CutoutAugmentation(CutoutOptions options) : Augmentation
{
    /// <inheritdoc/>
    public override PixelImage Apply(PixelImage image, ref SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        int top = random.NextInt(image.Height) - (options.Size / 2), left = random.NextInt(image.Width) - (options.Size / 2);
        int firstRow = Math.Max(0, top), lastRow = Math.Min(image.Height, top + options.Size);
        int firstColumn = Math.Max(0, left), lastColumn = Math.Min(image.Width, left + options.Size);
        byte[] pixels = [.. image.Pixels];
        for (int channel = 0; channel < image.Channels; channel++)
        {
            for (int row = firstRow; row < lastRow; row++)
            {
                pixels.AsSpan((((channel * image.Height) + row) * image.Width) + firstColumn, lastColumn - firstColumn).Fill((byte)options.Fill);
            }
        }

        return new(image.Channels, image.Height, image.Width, pixels);
    }
}

/// <summary>The options of <c>cutout</c>.</summary>
public sealed record CutoutOptions
{
    /// <summary>The square's side in pixels, 1 or more. Default 8; the paper takes 16 for CIFAR-10 and 8 for CIFAR-100.</summary>
    public int Size
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Size), value, "The square's side must be 1 pixel or more; 8 to 16 in practice.");
    } = 8;

    /// <summary>The value of the blanked pixels, 0 to 255. Default 0.</summary>
    public int Fill
    {
        get;
        init => field = value is >= 0 and <= 255 ? value : throw new ArgumentOutOfRangeException(nameof(Fill), value, "A pixel is from 0 to 255.");
    }
}
