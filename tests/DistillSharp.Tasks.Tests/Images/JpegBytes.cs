using SkiaSharp;

namespace DistillSharp.Tasks.Tests.Images;

/// <summary>JPEG files with a camera's orientation.</summary>
internal static class JpegBytes
{
    /// <summary>A picture of 32x16, stored with a red, green, blue and white quarter (top left, top right, bottom left, bottom right).</summary>
    public static byte[] Quarters(ushort orientation)
    {
        using var bitmap = new SKBitmap(32, 16);
        for (int y = 0; y < 16; y++)
        {
            for (int x = 0; x < 32; x++)
            {
                bitmap.SetPixel(x, y, (y < 8, x < 16) switch { (true, true) => SKColors.Red, (true, false) => SKColors.Lime, (false, true) => SKColors.Blue, _ => SKColors.White });
            }
        }

        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        byte[] jpeg = encoded.ToArray();
        return [.. jpeg[..2], .. Exif(orientation), .. jpeg[2..]];
    }

    /// <summary>An APP1 segment with one entry: tag 0x0112 (orientation), type 3 (short), count 1.</summary>
    private static byte[] Exif(ushort orientation)
    {
        byte[] body =
        [
            .. "Exif\0\0"u8, .. "MM"u8, 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, (byte)(orientation >> 8), (byte)orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [0xFF, 0xE1, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];
    }
}
