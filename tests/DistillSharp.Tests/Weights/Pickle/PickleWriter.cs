using System.Buffers.Binary;
using System.Text;

namespace DistillSharp.Tests.Weights.Pickle;

/// <summary>Writes pickles opcode by opcode, sound and hostile ones.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];

    public PickleWriter(byte protocol = 2) => Raw(0x80, protocol);

    public byte[] Done() => [.. Op('.')._bytes];

    public byte[] Cut() => [.. _bytes];

    public PickleWriter Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Op(char opcode) => Raw((byte)opcode);

    public PickleWriter Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleWriter Text(string text) => Op('X').Number((uint)Encoding.UTF8.GetByteCount(text)).Raw(Encoding.UTF8.GetBytes(text));

    public PickleWriter Whole(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Raw(0x8A, 8).Raw(bytes);
    }

    public PickleWriter Number(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public PickleWriter Number(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public PickleWriter Tuple(params long[] values)
    {
        Op('(');
        foreach (long value in values)
        {
            Whole(value);
        }

        return Op('t');
    }

    /// <summary>A persistent id as PyTorch writes them.</summary>
    public PickleWriter Storage(string type, string key, long count) =>
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Whole(count).Op('t').Op('Q');

    /// <summary>A tensor as PyTorch writes them.</summary>
    public PickleWriter Tensor(string type, string key, long count, long offset, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(type, key, count).Whole(offset).Tuple(shape).Tuple(strides).Raw(0x89)
            .Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');

    /// <summary>A state dict of one tensor.</summary>
    public static byte[] OneTensor(string type, string key, long count, long offset, long[] shape, long[] strides) =>
        new PickleWriter().Op('}').Text("w").Tensor(type, key, count, offset, shape, strides).Op('s').Done();
}
