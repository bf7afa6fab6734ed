using System.Buffers.Binary;
using System.IO.Compression;

namespace DistillSharp.Tasks.Tests.Images;

/// <summary>PNG files of kinds that the encoder at hand does not write.</summary>
internal static class PngBytes
{
    /// <summary>A file of given rows.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="depth">Bits a channel.</param>
    /// <param name="kind">0 grey, 2 colour, 3 palette.</param>
    /// <param name="rows">The bytes of the rows, without filter bytes.</param>
    /// <param name="palette">Red, green, blue by number.</param>
    public static byte[] Of(int width, int height, byte depth, byte kind, byte[] rows, byte[]? palette = null)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, kind);
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            int stride = rows.Length / height;
            for (int y = 0; y < height; y++)
            {
                zip.WriteByte(0);
                zip.Write(rows, y * stride, stride);
            }
        }

        return [137, 80, 78, 71, 13, 10, 26, 10, .. Chunk("IHDR"u8, header), .. palette is null ? [] : Chunk("PLTE"u8, palette), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        kind.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
