using System.Buffers.Binary;
using System.Text;
using DistillSharp.Graph;

namespace DistillSharp.Weights.Torch;

/// <summary>Reads the directory at a zip file's end, also in its 64-bit form, and holds every number in it against the file.</summary>
/// <remarks>The format: PKWARE's APPNOTE.TXT, sections 4.3 to 4.5.</remarks>
internal static class ZipDirectory
{
    private const int EndLength = 22, LocatorLength = 20, End64Length = 56, HeaderLength = 46, LongestComment = 65535;
    private const uint EndSignature = 0x06054B50, LocatorSignature = 0x07064B50, End64Signature = 0x06064B50, HeaderSignature = 0x02014B50;
    private const int MostBytes = 64 << 20;

    /// <summary>The entries by name, and where the directory begins: no entry reaches beyond.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">What messages call it.</param>
    public static (IReadOnlyDictionary<string, ZipEntry> Entries, long Start) Read(Stream file, string path)
    {
        var (count, size, start) = Place(file, path);
        byte[] directory = At(file, start, (int)size);
        var entries = new Dictionary<string, ZipEntry>(StringComparer.Ordinal);
        int position = 0;
        for (long i = 0; i < count; i++)
        {
            var entry = Entry(directory, ref position, path);
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw new GraphException($"'{path}' cannot be read: its directory names '{entry.Name}' twice.");
            }
        }

        if (position != size)
        {
            throw new GraphException($"'{path}' cannot be read: its directory has {size} bytes, but its {count} entries end at {position}.");
        }

        RequireApart(entries.Values, start, path);
        return (entries, start);
    }

    private static (long Count, long Size, long Start) Place(Stream file, string path)
    {
        int length = (int)Math.Min(file.Length, EndLength + LongestComment);
        byte[] tail = At(file, file.Length - length, length);
        int end = -1;
        for (int i = length - EndLength; i >= 0 && end < 0; i--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(i)) == EndSignature && i + EndLength + BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(i + 20)) == length)
            {
                end = i;
            }
        }

        if (end < 0)
        {
            throw new GraphException($"'{path}' cannot be read: it begins like a zip file, but has no directory at its end. The file is truncated; copy or download it again.");
        }

        long count = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(end + 10)), size = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 12)), start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16));
        long limit = file.Length - length + end;
        if (end >= LocatorLength && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end - LocatorLength)) == LocatorSignature)
        {
            long place = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end - LocatorLength + 8));
            limit -= LocatorLength;
            byte[] end64 = place >= 0 && place <= limit - End64Length ? At(file, place, End64Length) : [];
            if (end64.Length == 0 || BinaryPrimitives.ReadUInt32LittleEndian(end64) != End64Signature)
            {
                throw new GraphException($"'{path}' cannot be read: its 64-bit directory is said to lie at byte {place}, where there is none.");
            }

            (count, size, start, limit) = (BinaryPrimitives.ReadInt64LittleEndian(end64.AsSpan(32)), BinaryPrimitives.ReadInt64LittleEndian(end64.AsSpan(40)), BinaryPrimitives.ReadInt64LittleEndian(end64.AsSpan(48)), place);
        }

        return count >= 0 && start >= 0 && size >= 0 && size <= MostBytes && start <= limit - size && count <= size / HeaderLength
            ? (count, size, start)
            : throw new GraphException($"'{path}' cannot be read: its directory claims {count} entries in {size} bytes at byte {start} of {file.Length}.");
    }

    private static ZipEntry Entry(byte[] directory, ref int position, string path)
    {
        var header = directory.AsSpan(position);
        if (header.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(header) != HeaderSignature)
        {
            throw new GraphException($"'{path}' cannot be read: its directory is damaged at its byte {position}.");
        }

        int flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]), method = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]);
        int name = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]), extra = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]), comment = BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
        int whole = HeaderLength + name + extra + comment;
        if (header.Length < whole)
        {
            throw new GraphException($"'{path}' cannot be read: its directory ends within an entry.");
        }

        string text = Encoding.UTF8.GetString(header.Slice(HeaderLength, name));
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]), size = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]), start = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        Widen(header.Slice(HeaderLength + name, extra), ref size, ref packed, ref start);
        if ((flags & 1) != 0 || method is not (0 or 8))
        {
            throw new GraphException($"'{path}' cannot be read: its entry '{text}' is {((flags & 1) != 0 ? "encrypted" : $"packed by method {method}")}. PyTorch stores plainly; save the file again with torch.save.");
        }

        // Nothing is ever written by these names; a file that tries is no checkpoint all the same.
        if (text.Length == 0 || text.Contains('\\', StringComparison.Ordinal) || text.StartsWith('/') || text.Contains('\0', StringComparison.Ordinal) || text.Split('/').Contains(".."))
        {
            throw new GraphException($"'{path}' cannot be read: its directory names '{text}', which leads out of the file.");
        }

        if (size < 0 || packed < 0 || start < 0 || (method == 0 && size != packed))
        {
            throw new GraphException($"'{path}' cannot be read: its entry '{text}' claims {size} bytes, of which {packed} are in the file.");
        }

        position += whole;
        return new(text, method, packed, size, start);
    }

    /// <summary>Takes the 64-bit numbers of the extra field for those that do not fit into 32 bits.</summary>
    private static void Widen(ReadOnlySpan<byte> extra, ref long size, ref long packed, ref long start)
    {
        while (extra.Length >= 4)
        {
            int kind = BinaryPrimitives.ReadUInt16LittleEndian(extra), length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            var body = extra[4..];
            body = body[..Math.Min(length, body.Length)];
            extra = extra[Math.Min(4 + length, extra.Length)..];
            if (kind != 1)
            {
                continue;
            }

            Next(ref size, ref body);
            Next(ref packed, ref body);
            Next(ref start, ref body);
            return;
        }

        static void Next(ref long number, ref ReadOnlySpan<byte> body)
        {
            if (number == uint.MaxValue && body.Length >= 8)
            {
                number = BinaryPrimitives.ReadInt64LittleEndian(body);
                body = body[8..];
            }
        }
    }

    /// <summary>Entries may not overlap: so all that is stored is no more than the file, however many entries a bomb names.</summary>
    private static void RequireApart(IEnumerable<ZipEntry> entries, long limit, string path)
    {
        long next = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Header))
        {
            if (entry.Header < next || entry.Header > limit || entry.PackedSize > limit - entry.Header)
            {
                throw new GraphException($"'{path}' cannot be read: its entry '{entry.Name}' claims {entry.PackedSize} bytes at byte {entry.Header}, where there is another, or nothing.");
            }

            next = entry.Header + 30 + entry.PackedSize;
        }
    }

    private static byte[] At(Stream file, long position, int length)
    {
        byte[] bytes = new byte[length];
        file.Position = position;
        file.ReadExactly(bytes);
        return bytes;
    }
}
