using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Detection;

/// <summary>Turns bytes into the numbers that a detector takes: <c>(pixel / 255 - mean) / deviation</c>, by a table a channel.</summary>
public sealed class PixelTable
{
    private readonly float[][] _tables;

    /// <summary>Works out what each of the 256 pixel values becomes.</summary>
    /// <param name="input">What the model's card says; null for pixels of 0 to 1, as YOLO takes them.</param>
    public PixelTable(ImageInput? input) =>
        _tables = [.. Enumerable.Range(0, 3).Select(channel => Enumerable.Range(0, 256)
            .Select(value => (float)(((value / 255.0) - (input?.Mean.ElementAtOrDefault(channel) ?? 0)) / (input is { Deviation: var deviation } && channel < deviation.Count ? deviation[channel] : 1)))
            .ToArray())];

    /// <summary>Writes pictures' numbers.</summary>
    /// <param name="pixels">Their pixels, <c>[N, 3, H, W]</c>.</param>
    /// <param name="numbers">Their numbers, as many.</param>
    /// <param name="plane">H times W.</param>
    public void Write(ReadOnlySpan<byte> pixels, Span<float> numbers, int plane)
    {
        for (int start = 0, channel = 0; start < pixels.Length; start += plane, channel = (channel + 1) % 3)
        {
            float[] table = _tables[channel];
            var from = pixels.Slice(start, plane);
            var to = numbers.Slice(start, plane);
            for (int i = 0; i < from.Length; i++)
            {
                to[i] = table[from[i]];
            }
        }
    }
}
