using System.Buffers.Binary;
using System.Text;

namespace DistillSharp.Native;

/// <summary>The symbol versions an ELF library needs (<c>.gnu.version_r</c>), and the one edit made to them: marking a need as weak.</summary>
/// <remarks>
/// Every offset comes from the file and is checked against its length: a truncated or crafted file is refused, never followed.
/// Nor are there more records than fit into the file side by side, so that overlapping ones cannot keep the reader busy.
/// </remarks>
internal static class ElfVersionNeeds
{
    private const uint TypeLoad = 1, TypeDynamic = 2;
    private const long TagStringTable = 5, TagVersionNeed = 0x6ffffffe, TagVersionNeedCount = 0x6fffffff;
    private const ushort WeakFlag = 0x2;
    private const int RecordSize = 16;

    /// <summary>Finds a needed version.</summary>
    /// <param name="file">The library.</param>
    /// <param name="version">The version's name: <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>The offset of the need's flags in the file, or null if the library does not need it.</returns>
    /// <exception cref="InvalidDataException">The file is no 64-bit little-endian ELF library, or is broken.</exception>
    public static int? FindFlags(ReadOnlySpan<byte> file, string version)
    {
        if (file.Length < 64 || !file[..4].SequenceEqual("\u007fELF"u8) || file[4] != 2 || file[5] != 1)
        {
            throw new InvalidDataException("The file is no 64-bit little-endian ELF library.");
        }

        var segments = Segments(file);
        var (strings, need, count) = Dynamic(file, segments);
        if (need < 0)
        {
            return null;
        }

        byte[] wanted = Encoding.ASCII.GetBytes(version);
        long entry = Offset(segments, need), names = Offset(segments, strings);
        long room = file.Length / RecordSize;
        for (long i = 0; i < count; i++)
        {
            Spend(ref room);

            // Verneed: version, count, file, first auxiliary entry, next.
            int auxiliaries = UInt16(file, entry + 2);
            long auxiliary = entry + UInt32(file, entry + 8);
            for (int j = 0; j < auxiliaries; j++)
            {
                Spend(ref room);

                // Vernaux: hash, flags, other, name, next.
                if (IsText(file, names + UInt32(file, auxiliary + 8), wanted))
                {
                    UInt16(file, auxiliary + 4);
                    return (int)(auxiliary + 4);
                }

                uint step = UInt32(file, auxiliary + 12);
                if (step == 0)
                {
                    break;
                }

                auxiliary += step;
            }

            uint next = UInt32(file, entry + 12);
            if (next == 0)
            {
                break;
            }

            entry += next;
        }

        return null;
    }

    /// <summary>Marks a needed version as weak, so that the loader accepts a system without it.</summary>
    /// <param name="file">The library; changed in place.</param>
    /// <param name="version">The version's name.</param>
    /// <returns>Whether anything was changed: false if the version is not needed, or weak already.</returns>
    /// <exception cref="InvalidDataException">The file is no 64-bit little-endian ELF library, or is broken.</exception>
    public static bool MakeWeak(Span<byte> file, string version)
    {
        if (FindFlags(file, version) is not { } offset)
        {
            return false;
        }

        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(file[offset..]);
        BinaryPrimitives.WriteUInt16LittleEndian(file[offset..], (ushort)(flags | WeakFlag));
        return (flags & WeakFlag) == 0;
    }

    private static List<(uint Type, long Offset, long Address, long Size)> Segments(ReadOnlySpan<byte> file)
    {
        long table = Int64(file, 32);
        int size = UInt16(file, 54), count = UInt16(file, 56);
        var segments = new List<(uint, long, long, long)>(count);
        for (int i = 0; i < count; i++)
        {
            long header = table + ((long)i * size);
            segments.Add((UInt32(file, header), Int64(file, header + 8), Int64(file, header + 16), Int64(file, header + 32)));
        }

        return segments;
    }

    private static (long Strings, long Need, long Count) Dynamic(ReadOnlySpan<byte> file, List<(uint Type, long Offset, long Address, long Size)> segments)
    {
        long strings = -1, need = -1, count = 0, room = file.Length / RecordSize;
        foreach (var (type, offset, _, size) in segments)
        {
            for (long at = offset; type == TypeDynamic && at + 16 <= offset + size; at += 16)
            {
                Spend(ref room);
                long tag = Int64(file, at), value = Int64(file, at + 8);
                switch (tag)
                {
                    case TagStringTable:
                        strings = value;
                        break;
                    case TagVersionNeed:
                        need = value;
                        break;
                    case TagVersionNeedCount:
                        count = value;
                        break;
                    case 0:
                        at = offset + size;
                        break;
                    default:
                        break;
                }
            }
        }

        return need >= 0 && strings < 0 ? throw new InvalidDataException("The ELF file needs symbol versions but has no names for them.") : (strings, need, count);
    }

    private static long Offset(List<(uint Type, long Offset, long Address, long Size)> segments, long address)
    {
        foreach (var (type, offset, start, size) in segments)
        {
            if (type == TypeLoad && address >= start && address - start < size)
            {
                return offset + (address - start);
            }
        }

        throw new InvalidDataException($"The ELF file points to address 0x{address:x}, which no segment loads.");
    }

    private static void Spend(ref long room)
    {
        if (--room < 0)
        {
            throw new InvalidDataException("The ELF file's records overlap: it claims more of them than fit into it.");
        }
    }

    private static bool IsText(ReadOnlySpan<byte> file, long offset, ReadOnlySpan<byte> text)
    {
        var found = Part(file, offset, text.Length + 1);
        return found[..^1].SequenceEqual(text) && found[^1] == 0;
    }

    private static ushort UInt16(ReadOnlySpan<byte> file, long offset) => BinaryPrimitives.ReadUInt16LittleEndian(Part(file, offset, 2));

    private static uint UInt32(ReadOnlySpan<byte> file, long offset) => BinaryPrimitives.ReadUInt32LittleEndian(Part(file, offset, 4));

    private static long Int64(ReadOnlySpan<byte> file, long offset) => BinaryPrimitives.ReadInt64LittleEndian(Part(file, offset, 8));

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> file, long offset, int length) =>
        offset >= 0 && offset <= file.Length - length
            ? file.Slice((int)offset, length)
            : throw new InvalidDataException($"The ELF file is truncated: it points to byte {offset} of {file.Length}.");
}
