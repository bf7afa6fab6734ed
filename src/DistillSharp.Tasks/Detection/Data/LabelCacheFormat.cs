using System.Security.Cryptography;
using System.Text;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>The bytes of a kept check: a magic word, the key of the files it holds for, the pictures in order, and a checksum of it all.</summary>
internal static class LabelCacheFormat
{
    private const int HashLength = 32;

    private static ReadOnlySpan<byte> Magic => "DSLABEL1"u8;

    /// <summary>Writes checked pictures; their paths are not stored, they follow from the key.</summary>
    public static byte[] Write(ReadOnlySpan<byte> key, IReadOnlyList<CheckedPicture> pictures)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(key);
        writer.Write(pictures.Count);
        foreach (var picture in pictures)
        {
            var reading = picture.Reading;
            writer.Write(picture.Width);
            writer.Write(picture.Height);
            writer.Write((byte)((reading.IsMissing ? 1 : 0) | (reading.Corrupt is null ? 0 : 2)));
            if (reading.Corrupt is not null)
            {
                writer.Write(reading.Corrupt);
            }

            writer.Write(reading.Labels.Count);
            foreach (var label in reading.Labels)
            {
                writer.Write(label.ClassIndex);
                writer.Write(label.X);
                writer.Write(label.Y);
                writer.Write(label.Width);
                writer.Write(label.Height);
            }

            WriteTexts(writer, reading.Remarks);
            WriteTexts(writer, reading.UnknownClasses);
        }

        writer.Flush();
        writer.Write(SHA256.HashData(memory.GetBuffer().AsSpan(0, (int)memory.Length)));
        writer.Flush();
        return memory.ToArray();
    }

    /// <summary>Reads what was kept; null where it is damaged or holds for other files.</summary>
    public static IReadOnlyList<CheckedPicture>? TryParse(byte[] bytes, ReadOnlySpan<byte> key, IReadOnlyList<string> paths, int classCount)
    {
        int body = bytes.Length - HashLength, start = Magic.Length + HashLength;
        if (body < start + 4 || !bytes.AsSpan().StartsWith(Magic) || !bytes.AsSpan(Magic.Length, HashLength).SequenceEqual(key)
            || !SHA256.HashData(bytes.AsSpan(0, body)).AsSpan().SequenceEqual(bytes.AsSpan(body)))
        {
            return null;
        }

        // A checksum is no proof of good faith: every count is held against the bytes that are left.
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, start, body - start), Encoding.UTF8);
            if (reader.ReadInt32() != paths.Count)
            {
                return null;
            }

            return [.. paths.Select(path => ReadPicture(reader, path, classCount))];
        }
        catch (Exception error) when (error is IOException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static CheckedPicture ReadPicture(BinaryReader reader, string path, int classCount)
    {
        int width = reader.ReadInt32(), height = reader.ReadInt32(), flags = reader.ReadByte();
        string? corrupt = (flags & 2) != 0 ? reader.ReadString() : null;
        if (corrupt is null && (width < 1 || height < 1))
        {
            throw new FormatException();
        }

        var labels = new BoxLabel[Count(reader, 20)];
        for (int i = 0; i < labels.Length; i++)
        {
            BoxLabel label = labels[i] = new(reader.ReadInt32(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle());
            if (label.ClassIndex < 0 || label.ClassIndex >= classCount || !(label is { X: >= 0 and < 2, Y: >= 0 and < 2, Width: > 0 and < 2, Height: > 0 and < 2 }))
            {
                throw new FormatException();
            }
        }

        return new(path, width, height, new(labels) { IsMissing = (flags & 1) != 0, Corrupt = corrupt, Remarks = ReadTexts(reader), UnknownClasses = ReadTexts(reader) });
    }

    private static void WriteTexts(BinaryWriter writer, IReadOnlyList<string> texts)
    {
        writer.Write(texts.Count);
        foreach (string text in texts)
        {
            writer.Write(text);
        }
    }

    private static string[] ReadTexts(BinaryReader reader)
    {
        string[] texts = new string[Count(reader, 1)];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = reader.ReadString();
        }

        return texts;
    }

    private static int Count(BinaryReader reader, int size)
    {
        int count = reader.ReadInt32();
        return count >= 0 && (long)count * size <= reader.BaseStream.Length - reader.BaseStream.Position ? count : throw new EndOfStreamException();
    }
}
