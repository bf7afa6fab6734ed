using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests;

/// <summary>Pictures and sources that several tests look at.</summary>
internal static class Pictures
{
    /// <summary>A picture of one value.</summary>
    public static PixelImage Flat(int channels, int height, int width, byte value) => new(channels, height, width, [.. Enumerable.Repeat(value, channels * height * width)]);

    /// <summary>A grey picture of rows.</summary>
    public static PixelImage Grey(params byte[][] rows) => new(1, rows.Length, rows[0].Length, [.. rows.SelectMany(row => row)]);

    /// <summary>The rows of a picture's first channel as text, <c>1 2|3 4</c>.</summary>
    public static string Rows(PixelImage image) =>
        string.Join("|", Enumerable.Range(0, image.Height).Select(row => string.Join(" ", image.Pixels.Skip(row * image.Width).Take(image.Width))));

    /// <summary>Grey pictures of 4x4, each of its own pixels; the label is the position modulo the classes.</summary>
    public static MemorySamples Samples(int count, int classes = 3) =>
        new("made up", [.. Enumerable.Range(0, count).Select(i => new PixelImage(1, 4, 4, [.. Enumerable.Range(0, 16).Select(j => (byte)((i * 31) + (j * 7)))]))], [.. Enumerable.Range(0, count).Select(i => (byte)(i % classes))]);
}
