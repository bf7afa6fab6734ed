using DistillSharp.Graph.Format;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Cli.Tests;

/// <summary>Pictures with rectangles of pure colour, their labels as YOLO has them, and the detector that finds them.</summary>
internal static class ColourData
{
    /// <summary>A detector for pictures of 64 x 64 pixels or rectangles of that size.</summary>
    public static string Model(TemporaryFolder folder, string name = "colours.onnx", IReadOnlyDictionary<string, string>? metadata = null) =>
        folder.Write(name, OnnxFile.Serialize(ColourDetector.Create(metadata: metadata ?? ColourDetector.Metadata)));

    /// <summary>Grey, with cells of 32 x 32 pixels painted: column, row and colour (0 red, 1 green, 2 blue).</summary>
    public static string Picture(TemporaryFolder folder, string name, int columns, int rows, params (int Column, int Row, int Colour)[] cells)
    {
        int width = 32 * columns, height = 32 * rows;
        byte[] pixels = new byte[3 * width * height];
        Array.Fill(pixels, (byte)114);
        foreach (var (column, row, colour) in cells)
        {
            for (int y = 32 * row; y < 32 * (row + 1); y++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    pixels.AsSpan((((channel * height) + y) * width) + (32 * column), 32).Fill((byte)(channel == colour ? 255 : 0));
                }
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        ImageFile.SavePng(new(3, height, width, pixels), folder[name]);
        return folder[name];
    }

    /// <summary>A set of two pictures of 64 x 64 with three boxes, one of which is labelled wrongly.</summary>
    public static string Set(TemporaryFolder folder, string names = "[red, green, blue]")
    {
        Picture(folder, "images/val/a.png", 2, 2, (0, 0, 0), (1, 1, 1));
        Picture(folder, "images/val/b.png", 2, 2, (1, 0, 2));
        folder.Write("labels/val/a.txt", "0 0.25 0.25 0.5 0.5\n1 0.75 0.75 0.5 0.5\n");
        folder.Write("labels/val/b.txt", "1 0.75 0.25 0.5 0.5\n");
        return folder.Write("colours.yaml", $"path: .\ntrain: images/val\nval: images/val\nnames: {names}\n");
    }
}
