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
    public static string Picture(TemporaryFolder folder, string name, int columns, int rows, params (int Column, int Row, int Colour)[] cells) => Picture(folder, name, 32 * columns, 32 * rows, 0, cells);

    /// <summary>A set of two pictures with three boxes, one of which is labelled wrongly.</summary>
    /// <param name="folder">Where it is made.</param>
    /// <param name="border">The grey border around cells in two rows of two. A rectangular validation adds 16 pixels on each side itself: with a border of 16 the cells are the detector's again.</param>
    /// <param name="names">The classes.</param>
    public static string Set(TemporaryFolder folder, int border, string names = "[red, green, blue]")
    {
        int side = 64 + (2 * border);
        Picture(folder, "images/val/a.png", side, side, border, (0, 0, 0), (1, 1, 1));
        Picture(folder, "images/val/b.png", side, side, border, (1, 0, 2));
        string Share(int cell) => FormattableString.Invariant($"{(border + (32 * cell) + 16.0) / side:0.########}");
        string extent = FormattableString.Invariant($"{32.0 / side:0.########}");
        folder.Write("labels/val/a.txt", $"0 {Share(0)} {Share(0)} {extent} {extent}\n1 {Share(1)} {Share(1)} {extent} {extent}\n");
        folder.Write("labels/val/b.txt", $"1 {Share(1)} {Share(0)} {extent} {extent}\n");
        return folder.Write("colours.yaml", $"path: .\ntrain: images/val\nval: images/val\nnames: {names}\n");
    }

    private static string Picture(TemporaryFolder folder, string name, int width, int height, int border, params (int Column, int Row, int Colour)[] cells)
    {
        byte[] pixels = new byte[3 * width * height];
        Array.Fill(pixels, (byte)114);
        foreach (var (column, row, colour) in cells)
        {
            for (int y = border + (32 * row); y < border + (32 * (row + 1)); y++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    pixels.AsSpan((((channel * height) + y) * width) + border + (32 * column), 32).Fill((byte)(channel == colour ? 255 : 0));
                }
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        ImageFile.SavePng(new(3, height, width, pixels), folder[name]);
        return folder[name];
    }
}
