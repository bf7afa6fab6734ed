using DistillSharp.Tasks.Data;
using SkiaSharp;

namespace DistillSharp.Tasks.Images;

/// <summary>Decodes and encodes picture files. The format is told by the bytes; the camera's orientation (EXIF) is respected.</summary>
public static class ImageFile
{
    /// <summary>The largest picture that is decoded, in pixels: a file that claims more is refused before any memory is taken.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>The endings of files that are taken for pictures.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif"];

    /// <summary>Decodes a file to red, green and blue.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It is no picture, broken, or too large; the message names it.</exception>
    public static PixelImage Load(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Load(stream, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The picture '{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Decodes a stream to red, green and blue.</summary>
    /// <param name="stream">The bytes of a picture file.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="DataException">It is no picture, broken, or too large.</exception>
    public static PixelImage Load(Stream stream, string name)
    {
        using var data = SKData.Create(stream);
        using var codec = data is null ? null : SKCodec.Create(data);
        if (codec is null)
        {
            throw new DataException($"The picture '{name}' cannot be decoded: it is no JPEG, PNG, BMP, WebP or GIF.");
        }

        if ((long)codec.Info.Width * codec.Info.Height > MaxPixels)
        {
            throw new DataException($"The picture '{name}' claims {codec.Info.Width}x{codec.Info.Height} pixels; at most {MaxPixels:N0} are decoded.");
        }

        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result is not SKCodecResult.Success)
        {
            throw new DataException($"The picture '{name}' cannot be decoded: {result}.");
        }

        return Upright(bitmap.GetPixelSpan(), codec.Info.Width, codec.Info.Height, codec.EncodedOrigin);
    }

    /// <summary>Writes a picture as PNG, whole: beside it first, then renamed.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="path">The file.</param>
    public static void SavePng(PixelImage image, string path)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        int plane = image.Width * image.Height, last = image.Channels - 1;
        byte[] pixels = new byte[4 * plane];
        for (int i = 0; i < plane; i++)
        {
            pixels[4 * i] = image.Pixels[i];
            pixels[(4 * i) + 1] = image.Pixels[(Math.Min(1, last) * plane) + i];
            pixels[(4 * i) + 2] = image.Pixels[(last * plane) + i];
            pixels[(4 * i) + 3] = 255;
        }

        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        string temporary = path + ".tmp";
        using (var stream = File.Create(temporary))
        {
            data.SaveTo(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>From interleaved pixels as the camera stored them to planes the right way up.</summary>
    private static PixelImage Upright(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin)
    {
        bool turned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        int outWidth = turned ? height : width, outHeight = turned ? width : height, plane = width * height;
        byte[] pixels = new byte[3 * plane];
        for (int y = 0; y < outHeight; y++)
        {
            for (int x = 0; x < outWidth; x++)
            {
                var (sourceX, sourceY) = origin switch
                {
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, height - 1 - x),
                    SKEncodedOrigin.RightBottom => (width - 1 - y, height - 1 - x),
                    SKEncodedOrigin.LeftBottom => (width - 1 - y, x),
                    _ => (x, y),
                };
                int from = 4 * ((sourceY * width) + sourceX), to = (y * outWidth) + x;
                pixels[to] = rgba[from];
                pixels[plane + to] = rgba[from + 1];
                pixels[(2 * plane) + to] = rgba[from + 2];
            }
        }

        return new(3, outHeight, outWidth, pixels);
    }
}
