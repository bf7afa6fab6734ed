using System.Runtime.InteropServices;
using Google.Protobuf;

namespace DistillSharp.Graph.Format;

/// <summary>From a file's tensor, in any of the format's ways to store elements, to bytes in C order.</summary>
internal static class TensorReader
{
    /// <summary>Whether the tensor's element type has a fixed size.</summary>
    public static bool CanRead(TensorProto tensor) =>
        Enum.IsDefined((ElementType)tensor.DataType) && (ElementType)tensor.DataType is not (ElementType.Undefined or ElementType.Text);

    /// <summary>Whether the tensor is of a kind that ONNX defines but this library does not look into: text, complex numbers, numbers of 8 bits and less.</summary>
    public static bool CanKeep(TensorProto tensor) => tensor.DataType is (int)ElementType.Text or 14 or 15 or (>= 17 and <= 26);

    /// <summary>Clears what <see cref="Read"/> has read; documentation and metadata stay.</summary>
    public static void Clear(TensorProto tensor)
    {
        tensor.Dims.Clear();
        tensor.DataType = 0;
        tensor.RawData = ByteString.Empty;
        tensor.FloatData.Clear();
        tensor.DoubleData.Clear();
        tensor.Int32Data.Clear();
        tensor.Int64Data.Clear();
        tensor.Uint64Data.Clear();
        tensor.StringData.Clear();
        tensor.ExternalData.Clear();
        tensor.DataLocation = TensorProto.Types.DataLocation.Default;
    }

    /// <summary>The fields that hold elements, by their names in the format.</summary>
    public static IReadOnlyList<string> Filled(TensorProto tensor) =>
    [
        .. new (string Name, int Count)[]
        {
            ("raw_data", tensor.RawData.Length), ("float_data", tensor.FloatData.Count), ("int32_data", tensor.Int32Data.Count), ("int64_data", tensor.Int64Data.Count),
            ("double_data", tensor.DoubleData.Count), ("uint64_data", tensor.Uint64Data.Count), ("string_data", tensor.StringData.Count),
        }.Where(field => field.Count > 0).Select(field => field.Name),
    ];

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
            // Nothing of a shape that overflows but for a 0 in it can be laid out either.
            _ = checked(TensorData.CountOf([.. shape.Where(size => size != 0)]) * TensorData.SizeOf(type));
            length = checked(TensorData.CountOf(shape) * TensorData.SizeOf(type));
        }
        catch (Exception error) when (error is OverflowException or ArgumentOutOfRangeException)
        {
            throw new GraphException($"the tensor '{tensor.Name}' claims the impossible shape [{string.Join(", ", shape)}].", error);
        }

        // A reader that prefers one field would see other weights than one that prefers another.
        bool external = tensor.DataLocation == TensorProto.Types.DataLocation.External;
        if (Filled(tensor) is { } filled && filled.Count > (external ? 0 : 1))
        {
            throw new GraphException($"the tensor '{tensor.Name}' holds its elements in {string.Join(" and ", external ? [.. filled, "another file"] : filled)}; there must be one place.");
        }

        byte[] bytes = external ? ExternalData.Read(tensor, folder, length)
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
