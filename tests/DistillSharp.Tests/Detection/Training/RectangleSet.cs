using System.Globalization;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Detection.Training;

/// <summary>A detection set of seconds: pictures of noise with one or two bright rectangles, red ones of class 0 and blue ones of class 1.</summary>
internal static class RectangleSet
{
    /// <summary>Writes pictures, labels and a data.yaml.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="train">Training pictures.</param>
    /// <param name="val">Validation pictures.</param>
    /// <param name="names">The classes' names.</param>
    /// <returns>The path of data.yaml.</returns>
    public static string Write(TemporaryFolder folder, int train = 6, int val = 3, string names = "[red, blue]")
    {
        foreach (var (split, count, seed) in new[] { ("train", train, 1), ("val", val, 2) })
        {
            Directory.CreateDirectory(folder["images", split]);
            Directory.CreateDirectory(folder["labels", split]);
            for (int i = 0; i < count; i++)
            {
                Draw(folder, split, i, new SampleRandom(seed, 0, i));
            }
        }

        File.WriteAllText(folder["data.yaml"], $"path: .\ntrain: images/train\nval: images/val\nnames: {names}\n");
        return folder["data.yaml"];
    }

    private static void Draw(TemporaryFolder folder, string split, int index, SampleRandom random)
    {
        const int Width = 80, Height = 64, Plane = Width * Height;
        byte[] pixels = new byte[3 * Plane];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(90 + random.NextInt(40));
        }

        var lines = new List<string>();
        for (int box = 0; box <= random.NextInt(2); box++)
        {
            int label = random.NextInt(2), w = 16 + random.NextInt(24), h = 16 + random.NextInt(24), left = random.NextInt(Width - w), top = random.NextInt(Height - h);
            for (int y = top; y < top + h; y++)
            {
                pixels.AsSpan((2 * label * Plane) + (y * Width) + left, w).Fill(250);
                pixels.AsSpan((2 * (1 - label) * Plane) + (y * Width) + left, w).Fill(10);
            }

            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{label} {(left + (w / 2.0)) / Width:0.######} {(top + (h / 2.0)) / Height:0.######} {(double)w / Width:0.######} {(double)h / Height:0.######}"));
        }

        string name = index.ToString("000", CultureInfo.InvariantCulture);
        ImageFile.SavePng(new(3, Height, Width, pixels), folder["images", split, $"{name}.png"]);
        File.WriteAllLines(folder["labels", split, $"{name}.txt"], lines);
    }
}
