using SkiaSharp;

namespace DistillSharp.Tasks.Detection.Drawing;

/// <summary>A fixed colour for each class: 20 of high contrast, then the first again.</summary>
public static class ClassPalette
{
    private static readonly uint[] s_colours =
    [
        0xE6382E, 0x1F8FE0, 0x2FB344, 0xF59F00, 0x9B3FD1, 0x00B8B0, 0xF25CB5, 0x8A5A2B, 0x3B4CC0, 0xA2D82A,
        0xB3003C, 0x6FC8FF, 0x0B6B3A, 0xFFD83A, 0xC9A0FF, 0x00666B, 0xFFA58C, 0x5C5C66, 0x00E08A, 0xFF4FF0,
    ];

    /// <summary>How many different colours there are.</summary>
    public static int Count => s_colours.Length;

    /// <summary>A class's colour.</summary>
    /// <param name="classIndex">The 0-based class.</param>
    public static (byte Red, byte Green, byte Blue) Of(int classIndex)
    {
        uint colour = s_colours[(int)((uint)classIndex % (uint)s_colours.Length)];
        return ((byte)(colour >> 16), (byte)(colour >> 8), (byte)colour);
    }

    /// <summary>A class's colour for drawing.</summary>
    internal static SKColor Paint(int classIndex)
    {
        var (red, green, blue) = Of(classIndex);
        return new(red, green, blue);
    }

    /// <summary>What can be read on a colour: black or white, by its brightness (ITU-R BT.601).</summary>
    internal static SKColor TextOn(SKColor colour) => (0.299 * colour.Red) + (0.587 * colour.Green) + (0.114 * colour.Blue) > 140 ? SKColors.Black : SKColors.White;
}
