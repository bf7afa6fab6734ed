using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Detection.Data;

/// <summary>Pictures of noise in several shapes, each with boxes; one may be broken.</summary>
internal sealed class MadeUpDetections(int count, int broken = -1) : IDetectionSource
{
    private static readonly (int Width, int Height)[] s_sizes = [(64, 48), (48, 64), (64, 64), (100, 30), (30, 100), (200, 150), (33, 17)];
    private int _reads;

    public int Count => count;

    public int Reads => _reads;

    public string Describe(int index) => $"picture {index}";

    public (int Width, int Height) SizeOf(int index) => s_sizes[index % s_sizes.Length];

    public IReadOnlyList<BoxLabel> LabelsOf(int index) =>
        [.. Enumerable.Range(0, index % 3).Select(i => new BoxLabel((index + i) % 5, 0.3f + (0.2f * i), 0.5f, 0.2f, 0.4f))];

    public PixelImage Read(int index)
    {
        Interlocked.Increment(ref _reads);
        if (index == broken)
        {
            throw new DataException($"picture {index} is broken");
        }

        var (width, height) = SizeOf(index);
        var random = new SampleRandom(5, 0, index);
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)random.NextInt(256);
        }

        return new(3, height, width, pixels);
    }
}
