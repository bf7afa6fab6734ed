using System.Runtime.InteropServices;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Native;
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
    /// <exception cref="DllNotFoundException">SkiaSharp's native library is missing or of another version; the message names the package.</exception>
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
    /// <exception cref="DllNotFoundException">SkiaSharp's native library is missing or of another version; the message names the package.</exception>
    public static PixelImage Load(Stream stream, string name)
    {
        NativeSkia.EnsureLoaded();
        using var data = SKData.Create(stream);
        using var codec = data is null ? null : SKCodec.Create(data);
        if (codec is null)
        {
            throw NoPicture(name);
        }

        if ((long)codec.Info.Width * codec.Info.Height > MaxPixels)
        {
            throw TooLarge(name, codec.Info.Width, codec.Info.Height);
        }

        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result is not SKCodecResult.Success)
        {
            throw new DataException($"The picture '{name}' cannot be decoded: {result}.");
        }

        return InterleavedPixels.Upright(MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan()), codec.Info.Width, codec.Info.Height, codec.EncodedOrigin);
    }

    /// <summary>A picture's size the right way up, from its header alone.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It is no picture, or larger than is decoded; the message names it.</exception>
    /// <exception cref="DllNotFoundException">SkiaSharp's native library is missing or of another version; the message names the package.</exception>
    public static (int Width, int Height) Probe(string path)
    {
        try
        {
            NativeSkia.EnsureLoaded();
            using var stream = File.OpenRead(path);
            using var codec = SKCodec.Create(stream) ?? throw NoPicture(path);
            var (width, height) = (codec.Info.Width, codec.Info.Height);
            return (long)width * height > MaxPixels ? throw TooLarge(path, width, height)
                : InterleavedPixels.IsTurned(codec.EncodedOrigin) ? (height, width)
                : (width, height);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The picture '{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Looks whether a file ends as its format must; one that does not is decoded, so that what is cut off is found early.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It is cut off; the message names it.</exception>
    public static void CheckEnd(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            Span<byte> first = stackalloc byte[2], last = stackalloc byte[12];
            bool whole = stream.Length > 24 && stream.ReadAtLeast(first, 2, throwOnEndOfStream: false) == 2;
            if (whole)
            {
                stream.Seek(-last.Length, SeekOrigin.End);
                stream.ReadExactly(last);
                whole = first[0] switch
                {
                    0xFF => last[^2] == 0xFF && last[^1] == 0xD9,
                    0x89 => last[4..8].SequenceEqual("IEND"u8),
                    _ => true,
                };
            }

            if (whole)
            {
                return;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The picture '{path}' cannot be read: {error.Message}", error);
        }

        Load(path);
    }

    /// <summary>Writes a picture as PNG, whole: beside it first, then renamed.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="DllNotFoundException">SkiaSharp's native library is missing or of another version; the message names the package.</exception>
    public static void SavePng(PixelImage image, string path)
    {
        ArgumentNullException.ThrowIfNull(image);
        NativeSkia.EnsureLoaded();
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

        Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        string temporary = path + ".tmp";
        using (var stream = File.Create(temporary))
        {
            data.SaveTo(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static DataException NoPicture(string name) => new($"The picture '{name}' cannot be decoded: it is no JPEG, PNG, BMP, WebP or GIF.");

    private static DataException TooLarge(string name, int width, int height) => new($"The picture '{name}' claims {width}x{height} pixels; at most {MaxPixels:N0} are decoded.");
}
