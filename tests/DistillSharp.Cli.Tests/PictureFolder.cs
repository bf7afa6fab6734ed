using DistillSharp.Tasks.Images;
using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests;

/// <summary>A folder of small pictures of two classes, told apart by their colour.</summary>
internal static class PictureFolder
{
    public static string Write(TemporaryFolder folder, int perClass = 20)
    {
        foreach (string part in new[] { "train", "val" })
        {
            for (int i = 0; i < perClass; i++)
            {
                Save(folder, $"pictures/{part}/blue/{i:00}.png", (byte)(20 + i), 240);
                Save(folder, $"pictures/{part}/red/{i:00}.png", 240, (byte)(20 + i));
            }
        }

        return folder["pictures"];
    }

    public static string Save(TemporaryFolder folder, string name, byte red, byte blue)
    {
        const int side = 8, plane = side * side;
        byte[] pixels = new byte[3 * plane];
        pixels.AsSpan(0, plane).Fill(red);
        pixels.AsSpan(2 * plane).Fill(blue);
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        ImageFile.SavePng(new(3, side, side, pixels), folder[name]);
        return folder[name];
    }
}
