using System.Runtime.InteropServices;

namespace DistillSharp.Graph.Format;

/// <summary>From a file's tensor, in any of the format's ways to store elements, to bytes in C order.</summary>
internal static class TensorReader
{
    /// <summary>Whether the tensor's element type has a fixed size.</summary>
    public static bool CanRead(TensorProto tensor) =>
        Enum.IsDefined((ElementType)tensor.DataType) && (ElementType)tensor.DataType is not (ElementType.Undefined or ElementType.Text);

    public static TensorData Read(TensorProto tensor, string? folder)
    {
        if (!CanRead(tensor))
        {
            throw new GraphException($"the tensor '{tensor.Name}' has element type {tensor.DataType}, which this version does not read.");
        }

        var type = (ElementType)tensor.DataType;
        long[] shape = [.. tensor.Dims];
        long length;
        try
        {
            length = checked(TensorData.CountOf(shape) * TensorData.SizeOf(type));
        }
        catch (Exception error) when (error is OverflowException or ArgumentOutOfRangeException)
        {
            throw new GraphException($"the tensor '{tensor.Name}' claims the impossible shape [{string.Join(", ", shape)}].", error);
        }

        byte[] bytes = tensor.DataLocation == TensorProto.Types.DataLocation.External ? ExternalData.Read(tensor, folder, length)
            : tensor.RawData.Length > 0 ? tensor.RawData.ToByteArray()
            : Typed(tensor, type);
        if (bytes.LongLength != length)
        {
            throw new GraphException($"the tensor '{tensor.Name}' of shape [{string.Join(", ", shape)}] ({type}) needs {length} bytes, but the file holds {bytes.LongLength}.");
        }

        return new(type, shape, bytes);
    }

    private static byte[] Typed(TensorProto tensor, ElementType type) => type switch
    {
        ElementType.Float32 => Bytes<float>([.. tensor.FloatData]),
        ElementType.Float64 => Bytes<double>([.. tensor.DoubleData]),
        ElementType.Int64 => Bytes<long>([.. tensor.Int64Data]),
        ElementType.UInt64 => Bytes<ulong>([.. tensor.Uint64Data]),
        ElementType.UInt32 => Bytes<uint>([.. tensor.Uint64Data.Select(value => (uint)value)]),
        ElementType.Int32 => Bytes<int>([.. tensor.Int32Data]),
        ElementType.Int16 => Bytes<short>([.. tensor.Int32Data.Select(value => (short)value)]),
        ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16 => Bytes<ushort>([.. tensor.Int32Data.Select(value => (ushort)value)]),
        _ => [.. tensor.Int32Data.Select(value => (byte)value)],
    };

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}
