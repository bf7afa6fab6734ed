namespace DistillSharp.Tasks.Images;

/// <summary>Brings one picture after the other to one size and number of channels, in buffers of its own: pictures of one size cost no further memory. For one thread.</summary>
/// <param name="channels">1 or 3.</param>
/// <param name="height">Rows.</param>
/// <param name="width">Columns.</param>
public sealed class ImageFitter(int channels, int height, int width)
{
    private PixelImage? _converted, _resized;
    private (int Height, int Width) _source;
    private (int First, float[] Weights)[] _rows = [], _columns = [];
    private float[] _narrow = [];

    /// <summary>Scales a picture so that it covers the target, cuts out the centre, and converts between grey and colour.</summary>
    /// <param name="image">The picture.</param>
    /// <returns>The picture itself where it fits already; otherwise one that is valid until the next call.</returns>
    public PixelImage Fit(PixelImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels != channels)
        {
            if (_converted is null || _converted.Height != image.Height || _converted.Width != image.Width)
            {
                _converted = Blank(image.Height, image.Width);
            }

            Convert(image, _converted.Pixels);
            image = _converted;
        }

        return image.Height == height && image.Width == width ? image : Resample(image);
    }

    /// <summary>For each target position, the source positions under a triangle as wide as the scale (antialiased bilinear).</summary>
    private static (int First, float[] Weights)[] Weights(int source, int target, double scale, double offset)
    {
        double support = Math.Max(1, scale);
        return [.. Enumerable.Range(0, target).Select(i =>
        {
            double centre = offset + ((i + 0.5) * scale) - 0.5;
            int first = Math.Max(0, (int)Math.Ceiling(centre - support)), last = Math.Min(source - 1, (int)Math.Floor(centre + support));
            double[] raw = [.. Enumerable.Range(first, last - first + 1).Select(position => Math.Max(0, 1 - (Math.Abs(position - centre) / support)))];
            double sum = raw.Sum();
            return sum > 0
                ? (first, raw.Select(weight => (float)(weight / sum)).ToArray())
                : (Math.Clamp((int)Math.Round(centre), 0, source - 1), [1f]);
        })];
    }

    private PixelImage Resample(PixelImage image)
    {
        if (_source != (image.Height, image.Width))
        {
            double scale = Math.Min((double)image.Height / height, (double)image.Width / width);
            _rows = Weights(image.Height, height, scale, (image.Height - (height * scale)) / 2);
            _columns = Weights(image.Width, width, scale, (image.Width - (width * scale)) / 2);
            _narrow = new float[image.Height * width];
            _source = (image.Height, image.Width);
        }

        _resized ??= Blank(height, width);
        for (int channel = 0; channel < channels; channel++)
        {
            Resample(image.Pixels.AsSpan(channel * image.Height * image.Width, image.Height * image.Width), _resized.Pixels.AsSpan(channel * height * width, height * width));
        }

        return _resized;
    }

    /// <summary>One channel: columns first, then rows.</summary>
    private void Resample(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (int y = 0; y < _source.Height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                _narrow[(y * width) + x] = Dot(source[((y * _source.Width) + _columns[x].First)..], _columns[x].Weights);
            }
        }

        for (int y = 0; y < height; y++)
        {
            var (first, weights) = _rows[y];
            for (int x = 0; x < width; x++)
            {
                float sum = 0;
                for (int i = 0; i < weights.Length; i++)
                {
                    sum += weights[i] * _narrow[((first + i) * width) + x];
                }

                target[(y * width) + x] = (byte)Math.Clamp(MathF.Round(sum), 0, 255);
            }
        }
    }

    private static float Dot(ReadOnlySpan<byte> values, float[] weights)
    {
        float sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * values[i];
        }

        return sum;
    }

    /// <summary>To grey by ITU-R BT.601 luma, as common decoders use it; to colour by repeating.</summary>
    private static void Convert(PixelImage image, Span<byte> target)
    {
        int plane = image.Height * image.Width;
        if (image.Channels == 1)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                image.Pixels.CopyTo(target[(channel * plane)..]);
            }

            return;
        }

        for (int i = 0; i < plane; i++)
        {
            target[i] = (byte)Math.Round((0.299 * image.Pixels[i]) + (0.587 * image.Pixels[plane + i]) + (0.114 * image.Pixels[(2 * plane) + i]));
        }
    }

    private PixelImage Blank(int rows, int columns) => new(channels, rows, columns, new byte[channels * rows * columns]);
}
