using System.Buffers.Binary;
using System.Text;

namespace DistillSharp.Tests.Native;

/// <summary>
/// The smallest 64-bit library that needs symbol versions: a header, a loaded segment that maps the whole file at
/// <see cref="Base"/>, a dynamic segment, one Verneed with two Vernaux, and their names.
/// </summary>
internal sealed class CraftedElf
{
    public const long Base = 0x10000;
    public const int Segments = 64, SegmentSize = 56, Dynamic = 176, Need = 240, FirstAuxiliary = 256, SecondAuxiliary = 272, Names = 288;

    public CraftedElf()
    {
        "\u007fELF"u8.CopyTo(Bytes);
        Bytes[4] = 2;
        Bytes[5] = 1;
        Int64(32, Segments);
        Int16(54, SegmentSize);
        Int16(56, 2);
        Segment(0, type: 1, offset: 0, address: Base, size: Bytes.Length);
        Segment(1, type: 2, offset: Dynamic, address: Base + Dynamic, size: 64);
        Tag(0, 5, Base + Names);
        Tag(1, 0x6ffffffe, Base + Need);
        Tag(2, 0x6fffffff, 1);
        Tag(3, 0, 0);

        Int16(Need, 1);
        Int16(Need + 2, 2);
        Int32(Need + 8, FirstAuxiliary - Need);
        Auxiliary(FirstAuxiliary, name: 1, next: 16);
        Auxiliary(SecondAuxiliary, name: 15, next: 0);
        Encoding.ASCII.GetBytes("\0GLIBCXX_3.4.1\0GLIBCXX_3.4.32\0").CopyTo(Bytes, Names);
    }

    public byte[] Bytes { get; } = new byte[Names + 32];

    public void Int16(int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(at), (ushort)value);

    public void Int32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(at), value);

    public void Int64(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(Bytes.AsSpan(at), value);

    public void Segment(int index, uint type, long offset, long address, long size)
    {
        int at = Segments + (index * SegmentSize);
        Int32(at, type);
        Int64(at + 8, offset);
        Int64(at + 16, address);
        Int64(at + 32, size);
    }

    public void Tag(int index, long tag, long value)
    {
        Int64(Dynamic + (index * 16), tag);
        Int64(Dynamic + (index * 16) + 8, value);
    }

    private void Auxiliary(int at, uint name, uint next)
    {
        Int32(at + 8, name);
        Int32(at + 12, next);
    }
}
