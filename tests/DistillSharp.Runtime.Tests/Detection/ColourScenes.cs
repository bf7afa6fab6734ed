using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Runtime.Tests.Detection;

/// <summary>Grey pictures with rectangles of pure colour, and where they are: what <see cref="TestKit.Handwritten.ColourDetector"/> finds without fault.</summary>
internal sealed class ColourScenes(params (int Width, int Height, BoxLabel[] Labels)[] scenes) : IDetectionSource
{
    public int Count => scenes.Length;

    public string Describe(int index) => $"scene {index}";

    public (int Width, int Height) SizeOf(int index) => (scenes[index].Width, scenes[index].Height);

    public IReadOnlyList<BoxLabel> LabelsOf(int index) => scenes[index].Labels;

    /// <summary>A label by its corners in pixels.</summary>
    public static BoxLabel Label(int label, (int Width, int Height) picture, float left, float top, float right, float bottom) =>
        new(label, (left + right) / 2 / picture.Width, (top + bottom) / 2 / picture.Height, (right - left) / picture.Width, (bottom - top) / picture.Height);

    public PixelImage Read(int index)
    {
        var (width, height, labels) = scenes[index];
        byte[] pixels = new byte[3 * width * height];
        Array.Fill(pixels, Letterbox.Fill);
        foreach (var label in labels)
        {
            var box = label.ToPixels(width, height);
            for (int y = (int)MathF.Round(box.Top); y < (int)MathF.Round(box.Bottom); y++)
            {
                for (int x = (int)MathF.Round(box.Left); x < (int)MathF.Round(box.Right); x++)
                {
                    for (int channel = 0; channel < 3; channel++)
                    {
                        pixels[(((channel * height) + y) * width) + x] = (byte)(channel == label.ClassIndex ? 255 : 0);
                    }
                }
            }
        }

        return new(3, height, width, pixels);
    }

    /// <summary>Batches of scenes that all have one size, as they are.</summary>
    public IEnumerable<DetectionBatch> Batches(int size)
    {
        foreach (int[] chunk in Enumerable.Range(0, Count).Chunk(size))
        {
            var (width, height) = SizeOf(chunk[0]);
            yield return new()
            {
                Count = chunk.Length,
                Pixels = chunk.SelectMany(index => Read(index).Pixels).ToArray(),
                Size = (height, width),
                Targets = ReadOnlyMemory<float>.Empty,
                Indices = chunk,
                Letterboxes = [.. chunk.Select(_ => new Letterbox(width, height, width, height, width, height, 0, 0))],
            };
        }
    }
}
