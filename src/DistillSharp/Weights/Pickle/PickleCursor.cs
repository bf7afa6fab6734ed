using System.Buffers.Binary;
using System.Text;
using DistillSharp.Graph;

namespace DistillSharp.Weights.Pickle;

/// <summary>Walks over a pickle's bytes. Every length is held against the bytes that are left before anything is allocated.</summary>
/// <param name="bytes">The pickle.</param>
/// <param name="file">What messages call it.</param>
internal sealed class PickleCursor(byte[] bytes, string file)
{
    private const int LongestLine = 4096;
    private int _position;

    /// <summary>Where the opcode lies that is being read; messages name it.</summary>
    public int Opcode { get; private set; }

    public int Length => bytes.Length;

    public byte NextOpcode()
    {
        Opcode = _position;
        return Byte();
    }

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A float: the one number of a pickle that is big-endian.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public string Text(ulong length) => Encoding.UTF8.GetString(Take(length));

    public byte[] Bytes(ulong length) => Take(length).ToArray();

    /// <summary>Text up to the end of the line, as the oldest opcodes have it.</summary>
    public string Line()
    {
        var rest = bytes.AsSpan(_position);
        int end = rest[..Math.Min(rest.Length, LongestLine)].IndexOf((byte)'\n');
        if (end < 0)
        {
            throw Error(rest.Length > LongestLine ? $"a line has more than {LongestLine} bytes" : "the pickle ends within a line: the file is truncated");
        }

        _position += end + 1;
        return Encoding.UTF8.GetString(rest[..end]).TrimEnd('\r');
    }

    /// <summary>An error that names file and offset.</summary>
    public GraphException Error(string what) => new($"'{file}' cannot be read: at byte {Opcode} of its pickle, {what}.");

    private ReadOnlySpan<byte> Take(ulong count)
    {
        int left = bytes.Length - _position;
        if (count > (ulong)left)
        {
            throw Error($"{count} bytes are asked for, but {left} are left: the file is truncated or damaged");
        }

        var taken = bytes.AsSpan(_position, (int)count);
        _position += (int)count;
        return taken;
    }
}
