using System.Buffers.Binary;
using System.IO.Compression;

namespace DistillSharp.Tasks.Tests.Data;

/// <summary>IDX files, written as their description says: a magic number, big-endian sizes, then bytes.</summary>
internal static class IdxBytes
{
    public static byte[] Images(int height, int width, params byte[][] pictures) => [.. Header(0x803, pictures.Length, height, width), .. pictures.SelectMany(picture => picture)];

    public static byte[] Labels(params byte[] labels) => [.. Header(0x801, labels.Length), .. labels];

    public static byte[] Header(params int[] numbers)
    {
        byte[] bytes = new byte[4 * numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), numbers[i]);
        }

        return bytes;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var zipped = new GZipStream(memory, CompressionLevel.Optimal))
        {
            zipped.Write(bytes);
        }

        return memory.ToArray();
    }
}
