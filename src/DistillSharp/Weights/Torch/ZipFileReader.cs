using System.Buffers.Binary;
using System.IO.Compression;
using DistillSharp.Graph;

namespace DistillSharp.Weights.Torch;

/// <summary>Reads pieces of a zip file's entries. What is stored is read where it lies; what is deflated is unpacked once, within a bound.</summary>
/// <param name="file">The file.</param>
/// <param name="path">What messages call it.</param>
internal sealed class ZipFileReader(Stream file, string path)
{
    private const int HeaderLength = 30;
    private const uint HeaderSignature = 0x04034B50;

    /// <summary>Weights hardly shrink when packed: what grows to more than this many times the file is a bomb.</summary>
    private const long MostGrowth = 8, Spare = 1 << 20;

    private readonly Dictionary<string, byte[]> _unpacked = new(StringComparer.Ordinal);
    private readonly (IReadOnlyDictionary<string, ZipEntry> Entries, long Start) _directory = ZipDirectory.Read(file, path);
    private long _grown;

    /// <summary>The entries by name.</summary>
    public IReadOnlyDictionary<string, ZipEntry> Entries => _directory.Entries;

    /// <summary>The file's bytes.</summary>
    public long Length => file.Length;

    /// <summary>Reads a piece of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="offset">Its first byte.</param>
    /// <param name="target">Filled whole.</param>
    public void Read(ZipEntry entry, long offset, Span<byte> target)
    {
        if (offset < 0 || offset > entry.Size - target.Length)
        {
            throw new GraphException($"'{path}' cannot be read: {target.Length} bytes at byte {offset} of '{entry.Name}' are asked for, but it has {entry.Size}.");
        }

        if (entry.Method != 0)
        {
            Unpacked(entry).AsSpan((int)offset, target.Length).CopyTo(target);
            return;
        }

        file.Position = Data(entry) + offset;
        file.ReadExactly(target);
    }

    private long Data(ZipEntry entry)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        file.Position = entry.Header;
        if (entry.Header > file.Length - HeaderLength || file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(header) != HeaderSignature)
        {
            throw new GraphException($"'{path}' cannot be read: at byte {entry.Header}, where '{entry.Name}' should begin, there is no entry.");
        }

        long start = entry.Header + HeaderLength + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        return start <= _directory.Start - entry.PackedSize ? start
            : throw new GraphException($"'{path}' cannot be read: '{entry.Name}' begins at byte {start} and has {entry.PackedSize} bytes, but the directory begins at {_directory.Start}.");
    }

    private byte[] Unpacked(ZipEntry entry)
    {
        if (_unpacked.TryGetValue(entry.Name, out byte[]? known))
        {
            return known;
        }

        if (entry.Size > Array.MaxLength || (_grown += entry.Size) > (MostGrowth * file.Length) + Spare)
        {
            throw new GraphException($"'{path}' cannot be read: unpacked, its entries are more than {MostGrowth} times the file. PyTorch stores plainly; save the file again with torch.save.");
        }

        byte[] packed = new byte[entry.PackedSize], bytes = new byte[entry.Size];
        file.Position = Data(entry);
        file.ReadExactly(packed);
        try
        {
            using var inflater = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
            if (inflater.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length || inflater.ReadByte() >= 0)
            {
                throw new InvalidDataException("it has another length than its directory says");
            }
        }
        catch (InvalidDataException error)
        {
            throw new GraphException($"'{path}' cannot be read: '{entry.Name}' cannot be unpacked ({error.Message}).", error);
        }

        return _unpacked[entry.Name] = bytes;
    }
}
