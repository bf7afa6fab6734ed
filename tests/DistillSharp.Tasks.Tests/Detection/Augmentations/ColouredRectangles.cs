using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Detection.Augmentations;

/// <summary>Grey pictures, each with one rectangle of a colour of its own under a box that says so by its class.</summary>
internal sealed class ColouredRectangles : IDetectionSource
{
    private static readonly (int Width, int Height)[] s_sizes = [(320, 240), (240, 320), (160, 160), (500, 210), (320, 320), (90, 200)];

    public static (int R, int G, int B)[] Colours { get; } = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (255, 0, 255), (0, 255, 255)];

    public int Count => Colours.Length;

    public string Describe(int index) => $"rectangle {index}";

    public (int Width, int Height) SizeOf(int index) => s_sizes[index];

    public IReadOnlyList<BoxLabel> LabelsOf(int index)
    {
        var (left, top, right, bottom) = Rectangle(index);
        float width = s_sizes[index].Width, height = s_sizes[index].Height;
        return [new(index, (left + right) / 2f / width, (top + bottom) / 2f / height, (right - left) / width, (bottom - top) / height)];
    }

    public PixelImage Read(int index)
    {
        var (width, height) = s_sizes[index];
        var (left, top, right, bottom) = Rectangle(index);
        byte[] pixels = new byte[3 * width * height];
        int[] colour = [Colours[index].R, Colours[index].G, Colours[index].B];
        for (int i = 0; i < pixels.Length; i++)
        {
            int place = i % (width * height), x = place % width, y = place / width;
            pixels[i] = x >= left && x < right && y >= top && y < bottom ? (byte)colour[i / (width * height)] : Letterbox.Fill;
        }

        return new(3, height, width, pixels);
    }

    private static (int Left, int Top, int Right, int Bottom) Rectangle(int index)
    {
        var (width, height) = s_sizes[index];
        return (width / 5, height / 6, width / 5 + (width / 3), height - (height / 4));
    }
}
