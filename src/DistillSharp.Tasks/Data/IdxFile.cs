using System.Buffers.Binary;
using System.IO.Compression;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Data;

/// <summary>The IDX format of MNIST: a magic number, the sizes, then bytes; plain or in gzip.</summary>
public static class IdxFile
{
    private const int ImagesMagic = 0x00000803, LabelsMagic = 0x00000801;
    private const long MaxBytes = 1L << 31;

    /// <summary>Reads grey pictures.</summary>
    /// <param name="path">The file, <c>.gz</c> or plain.</param>
    /// <exception cref="DataException">It is empty, truncated or of another kind; the message names it.</exception>
    public static IReadOnlyList<PixelImage> ReadImages(string path)
    {
        byte[] bytes = ReadAll(path);
        int[] sizes = Header(path, bytes, ImagesMagic, dimensions: 3, "pictures");
        int picture = sizes[1] * sizes[2];
        return [.. Enumerable.Range(0, sizes[0]).Select(i => new PixelImage(1, sizes[1], sizes[2], bytes.AsSpan(16 + (i * picture), picture).ToArray()))];
    }

    /// <summary>Reads labels.</summary>
    /// <param name="path">The file, <c>.gz</c> or plain.</param>
    /// <param name="classes">The number of classes; a label must be below it.</param>
    /// <exception cref="DataException">It is empty, truncated, of another kind, or a label is out of range; the message names it.</exception>
    public static byte[] ReadLabels(string path, int classes)
    {
        byte[] bytes = ReadAll(path);
        Header(path, bytes, LabelsMagic, dimensions: 1, "labels");
        byte[] labels = bytes[8..];
        int bad = Array.FindIndex(labels, label => label >= classes);
        return bad < 0 ? labels : throw new DataException($"'{path}': label {labels[bad]} of record {bad} is out of range; there are {classes} classes, 0 to {classes - 1}.");
    }

    private static int[] Header(string path, byte[] bytes, int magic, int dimensions, string what)
    {
        int length = 4 + (4 * dimensions);
        if (bytes.Length < length)
        {
            throw new DataException($"'{path}' is {(bytes.Length == 0 ? "empty" : $"truncated: it has {bytes.Length} bytes")}; an IDX file of {what} begins with a header of {length}. Fetch it again.");
        }

        int found = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (found != magic)
        {
            throw new DataException($"'{path}' is no IDX file of {what}: it begins with 0x{found:x8} instead of 0x{magic:x8}.");
        }

        int[] sizes = [.. Enumerable.Range(0, dimensions).Select(i => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4 + (4 * i))))];
        long expected = length;
        if (sizes.Any(size => size <= 0) || (expected += sizes.Aggregate(1L, (product, size) => product > MaxBytes ? product : product * size)) != bytes.Length)
        {
            throw new DataException($"'{path}' is truncated or too long: its header says {string.Join(" x ", sizes)}, which makes {expected} bytes, but it has {bytes.Length}. Fetch it again.");
        }

        return sizes;
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || file.Length == 0)
            {
                byte[] plain = new byte[file.Length];
                file.ReadExactly(plain);
                return plain;
            }

            using var unzipped = new GZipStream(file, CompressionMode.Decompress);
            using var memory = new MemoryStream();
            byte[] buffer = new byte[1 << 16];
            for (int read = unzipped.Read(buffer); read > 0; read = unzipped.Read(buffer))
            {
                memory.Write(buffer, 0, read);
                if (memory.Length > MaxBytes - buffer.Length)
                {
                    throw new DataException($"'{path}' unpacks to more than {MaxBytes:N0} bytes, which no IDX set does.");
                }
            }

            return memory.Length > 0 ? memory.ToArray() : throw new InvalidDataException("It unpacks to nothing.");
        }
        catch (InvalidDataException error)
        {
            throw new DataException($"'{path}' is truncated or no gzip file: {error.Message} Fetch it again.", error);
        }
    }
}
