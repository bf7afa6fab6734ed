using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Data.Augmentations;

/// <summary>Shifts the picture by up to some whole pixels each way and fills what comes free with a constant: the jitter of arXiv:1503.02531, and the padded random crop of CIFAR.</summary>
/// <param name="options">The options.</param>
[Plugin("jitter", "Shifts by up to some pixels each way (a padded random crop)")]
public sealed class JitterAugmentation(JitterOptions options) : Augmentation
{
    /// <inheritdoc/>
    public override PixelImage Apply(PixelImage image, ref SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        int span = (2 * options.Pixels) + 1;
        int down = random.NextInt(span) - options.Pixels, right = random.NextInt(span) - options.Pixels;
        if (down == 0 && right == 0)
        {
            return image;
        }

        byte[] pixels = new byte[image.Pixels.Length];
        Array.Fill(pixels, (byte)options.Fill);
        int height = image.Height, width = image.Width;
        int rows = height - Math.Abs(down), columns = width - Math.Abs(right);
        for (int channel = 0; channel < image.Channels && columns > 0; channel++)
        {
            for (int row = 0; row < rows; row++)
            {
                int from = (((channel * height) + row + Math.Max(0, -down)) * width) + Math.Max(0, -right);
                int to = (((channel * height) + row + Math.Max(0, down)) * width) + Math.Max(0, right);
                image.Pixels.AsSpan(from, columns).CopyTo(pixels.AsSpan(to));
            }
        }

        return new(image.Channels, height, width, pixels);
    }
}

/// <summary>The options of <c>jitter</c>.</summary>
public sealed record JitterOptions
{
    /// <summary>The largest shift in pixels, 1 or more. Default 2, as for MNIST; 4 for CIFAR.</summary>
    public int Pixels
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Pixels), value, "The largest shift must be 1 pixel or more; 2 for MNIST, 4 for CIFAR.");
    } = 2;

    /// <summary>The value of the pixels that come free, 0 to 255. Default 0.</summary>
    public int Fill
    {
        get;
        init => field = value is >= 0 and <= 255 ? value : throw new ArgumentOutOfRangeException(nameof(Fill), value, "A pixel is from 0 to 255.");
    }
}
