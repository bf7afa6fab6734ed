namespace DistillSharp.Tasks.Images;

/// <summary>Brings pictures to a size and a number of channels.</summary>
public static class ImageResizer
{
    /// <summary>Scales a picture so that it covers the target, cuts out the centre, and converts between grey and colour.</summary>
    /// <param name="image">The picture; given back as it is where it fits already.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public static PixelImage Fit(PixelImage image, int channels, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels != channels)
        {
            image = channels == 1 ? Grey(image) : Colour(image);
        }

        if (image.Height == height && image.Width == width)
        {
            return image;
        }

        double scale = Math.Min((double)image.Height / height, (double)image.Width / width);
        double top = (image.Height - (height * scale)) / 2, left = (image.Width - (width * scale)) / 2;
        var rows = Weights(image.Height, height, scale, top);
        var columns = Weights(image.Width, width, scale, left);
        return Resample(image, rows, columns);
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

    private static PixelImage Resample(PixelImage image, (int First, float[] Weights)[] rows, (int First, float[] Weights)[] columns)
    {
        byte[] pixels = new byte[image.Channels * rows.Length * columns.Length];
        float[] narrow = new float[image.Height * columns.Length];
        for (int channel = 0; channel < image.Channels; channel++)
        {
            var plane = image.Pixels.AsSpan(channel * image.Height * image.Width, image.Height * image.Width);
            for (int y = 0; y < image.Height; y++)
            {
                for (int x = 0; x < columns.Length; x++)
                {
                    narrow[(y * columns.Length) + x] = Dot(plane[((y * image.Width) + columns[x].First)..], 1, columns[x].Weights);
                }
            }

            for (int y = 0; y < rows.Length; y++)
            {
                for (int x = 0; x < columns.Length; x++)
                {
                    float sum = 0;
                    var (first, weights) = rows[y];
                    for (int i = 0; i < weights.Length; i++)
                    {
                        sum += weights[i] * narrow[((first + i) * columns.Length) + x];
                    }

                    pixels[(((channel * rows.Length) + y) * columns.Length) + x] = (byte)Math.Clamp(MathF.Round(sum), 0, 255);
                }
            }
        }

        return new(image.Channels, rows.Length, columns.Length, pixels);
    }

    private static float Dot(ReadOnlySpan<byte> values, int step, float[] weights)
    {
        float sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * values[i * step];
        }

        return sum;
    }

    /// <summary>ITU-R BT.601 luma, as common decoders use it.</summary>
    private static PixelImage Grey(PixelImage image)
    {
        int plane = image.Height * image.Width;
        byte[] pixels = new byte[plane];
        for (int i = 0; i < plane; i++)
        {
            pixels[i] = (byte)Math.Round((0.299 * image.Pixels[i]) + (0.587 * image.Pixels[plane + i]) + (0.114 * image.Pixels[(2 * plane) + i]));
        }

        return new(1, image.Height, image.Width, pixels);
    }

    private static PixelImage Colour(PixelImage image) => new(3, image.Height, image.Width, [.. image.Pixels, .. image.Pixels, .. image.Pixels]);
}
