using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DistillSharp.Tasks.Images;

/// <summary>
/// Scales 8-bit pictures bilinearly in fixed point, to the same grey levels as OpenCV's INTER_LINEAR. Buffers are its own: pictures of one size cost no further memory. For one thread.
/// </summary>
public sealed class LinearResizer
{
    private const int One = 2048;
    private (int Source, int Target) _columnSizes, _rowSizes;
    private (int First, int Second, int Near, int Far)[] _columns = [], _rows = [];
    private int[] _upper = [], _lower = [];

    /// <summary>Scales a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="width">Columns, 1 or more.</param>
    /// <returns>The picture itself where it has that size already; otherwise a new one.</returns>
    public PixelImage Resize(PixelImage image, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (image.Height == height && image.Width == width)
        {
            return image;
        }

        byte[] pixels = new byte[checked(image.Channels * height * width)];
        for (int channel = 0; channel < image.Channels; channel++)
        {
            Resize(image, channel, height, width, pixels.AsSpan(channel * height * width), width);
        }

        return new(image.Channels, height, width, pixels);
    }

    /// <summary>Scales one channel of a picture into a part of a larger one.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="width">Columns, 1 or more.</param>
    /// <param name="target">Where the first pixel goes, and all after it.</param>
    /// <param name="stride">Pixels from one row of the target to the next.</param>
    public void Resize(PixelImage image, int channel, int height, int width, Span<byte> target, int stride)
    {
        ArgumentNullException.ThrowIfNull(image);
        var source = image.Pixels.AsSpan(channel * image.Height * image.Width, image.Height * image.Width);
        if (image.Height == height && image.Width == width)
        {
            for (int y = 0; y < height; y++)
            {
                source.Slice(y * width, width).CopyTo(target[(y * stride)..]);
            }

            return;
        }

        Prepare(image, height, width);
        int held = -1, heldLower = -1;
        for (int y = 0; y < height; y++)
        {
            var (first, second, near, far) = _rows[y];
            if (first == heldLower)
            {
                (_upper, _lower, held, heldLower) = (_lower, _upper, heldLower, held);
            }

            if (first != held)
            {
                Across(source.Slice(first * image.Width, image.Width), _upper);
                held = first;
            }

            if (second != heldLower)
            {
                Across(source.Slice(second * image.Width, image.Width), _lower);
                heldLower = second;
            }

            Down(_upper.AsSpan(0, width), _lower.AsSpan(0, width), near, far, target.Slice(y * stride, width));
        }
    }

    /// <summary>For each target position the two source positions and their weights, in 2048ths.</summary>
    private static (int First, int Second, int Near, int Far)[] Table(int source, int target, bool clampWeight)
    {
        var table = new (int First, int Second, int Near, int Far)[target];
        double scale = (double)source / target;
        for (int i = 0; i < target; i++)
        {
            float place = (float)(((i + 0.5) * scale) - 0.5);
            int first = (int)MathF.Floor(place);
            float share = place - first;
            if (clampWeight && (first < 0 || first >= source - 1))
            {
                (first, share) = (Math.Clamp(first, 0, source - 1), 0);
            }

            table[i] = (Math.Clamp(first, 0, source - 1), Math.Clamp(first + 1, 0, source - 1), (int)MathF.Round((1 - share) * One), (int)MathF.Round(share * One));
        }

        return table;
    }

    /// <summary>One row to the new width; the values are 128ths of a grey level, cut off as OpenCV's vertical step does it first.</summary>
    private void Across(ReadOnlySpan<byte> row, Span<int> target)
    {
        for (int x = 0; x < _columns.Length; x++)
        {
            var (first, second, near, far) = _columns[x];
            target[x] = ((row[first] * near) + (row[second] * far)) >> 4;
        }
    }

    private static void Down(ReadOnlySpan<int> upper, ReadOnlySpan<int> lower, int near, int far, Span<byte> target)
    {
        int x = 0;
        var two = Vector128.Create(2);
        for (; x <= target.Length - 4; x += 4)
        {
            var sum = ((Vector128.Create(upper[x..]) * near) >> 16) + ((Vector128.Create(lower[x..]) * far) >> 16);
            var grey = (sum + two) >> 2;
            MemoryMarshal.Write(target[x..], (grey[0] & 255) | ((grey[1] & 255) << 8) | ((grey[2] & 255) << 16) | (grey[3] << 24));
        }

        for (; x < target.Length; x++)
        {
            target[x] = (byte)((((upper[x] * near) >> 16) + ((lower[x] * far) >> 16) + 2) >> 2);
        }
    }

    private void Prepare(PixelImage image, int height, int width)
    {
        if (_columnSizes != (image.Width, width))
        {
            _columns = Table(image.Width, width, clampWeight: true);
            _columnSizes = (image.Width, width);
        }

        if (_rowSizes != (image.Height, height))
        {
            _rows = Table(image.Height, height, clampWeight: false);
            _rowSizes = (image.Height, height);
        }

        if (_upper.Length < width)
        {
            (_upper, _lower) = (new int[width], new int[width]);
        }
    }
}
