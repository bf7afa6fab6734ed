using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Data.Augmentations;

/// <summary>Mirrors the picture left to right, at random.</summary>
/// <param name="options">The options.</param>
[Plugin("flip", "Mirrors left to right, at random")]
public sealed class FlipAugmentation(FlipOptions options) : Augmentation
{
    /// <inheritdoc/>
    public override PixelImage Apply(PixelImage image, ref SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!random.NextBool(options.Probability))
        {
            return image;
        }

        byte[] pixels = [.. image.Pixels];
        for (int row = 0; row < image.Channels * image.Height; row++)
        {
            pixels.AsSpan(row * image.Width, image.Width).Reverse();
        }

        return new(image.Channels, image.Height, image.Width, pixels);
    }
}

/// <summary>The options of <c>flip</c>.</summary>
public sealed record FlipOptions
{
    /// <summary>The share of pictures mirrored, 0 to 1. Default 0.5.</summary>
    public double Probability
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Probability), value, "A probability is from 0 to 1.");
    } = 0.5;
}
