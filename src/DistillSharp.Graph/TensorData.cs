using System.Runtime.InteropServices;

namespace DistillSharp.Graph;

/// <summary>A constant tensor: element type, shape and little-endian bytes in C order.</summary>
/// <remarks>The bytes are owned by the tensor; <see cref="AsSpan{T}"/> sees them as numbers without a copy.</remarks>
public sealed class TensorData
{
    private readonly byte[] _bytes;

    /// <summary>Creates a tensor over bytes it then owns.</summary>
    /// <param name="type">The element type; not <see cref="ElementType.Text"/>.</param>
    /// <param name="shape">The shape; empty for a scalar.</param>
    /// <param name="bytes">The elements, little-endian, C order; the length must match type and shape.</param>
    /// <exception cref="ArgumentException">The length does not match.</exception>
    public TensorData(ElementType type, ReadOnlySpan<long> shape, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        Type = type;
        Shape = shape.ToArray();
        long expected = checked(CountOf(shape) * SizeOf(type));
        if (bytes.LongLength != expected)
        {
            throw new ArgumentException($"A {type} tensor of shape [{string.Join(", ", Shape)}] has {expected} bytes, but {bytes.LongLength} were given.", nameof(bytes));
        }

        _bytes = bytes;
    }

    /// <summary>The element type.</summary>
    public ElementType Type { get; }

    /// <summary>The shape; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The number of elements.</summary>
    public long Count => _bytes.LongLength / SizeOf(Type);

    /// <summary>The raw bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Copies numbers into a new tensor.</summary>
    /// <typeparam name="T">A .NET type with an ONNX counterpart.</typeparam>
    /// <param name="values">The elements in C order.</param>
    /// <param name="shape">The shape; empty for a scalar.</param>
    public static TensorData Create<T>(ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged => new(TypeOf<T>(), shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The elements as numbers; writing through the span changes the tensor.</summary>
    /// <typeparam name="T">The .NET type that matches <see cref="Type"/>.</typeparam>
    /// <exception cref="InvalidOperationException">The type does not match.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged =>
        TypeOf<T>() == Type
            ? MemoryMarshal.Cast<byte, T>(_bytes.AsSpan())
            : throw new InvalidOperationException($"The tensor holds {Type}, not {TypeOf<T>()}.");

    /// <summary>A copy that can be changed without changing this tensor.</summary>
    public TensorData Clone() => new(Type, [.. Shape], [.. _bytes]);

    /// <summary>The ONNX element type of a .NET number type.</summary>
    /// <typeparam name="T">The .NET type.</typeparam>
    public static ElementType TypeOf<T>()
        where T : unmanaged =>
        default(T) switch
        {
            float => ElementType.Float32,
            double => ElementType.Float64,
            long => ElementType.Int64,
            int => ElementType.Int32,
            byte => ElementType.UInt8,
            sbyte => ElementType.Int8,
            bool => ElementType.Bool,
            Half => ElementType.Float16,
            short => ElementType.Int16,
            ushort => ElementType.UInt16,
            uint => ElementType.UInt32,
            ulong => ElementType.UInt64,
            _ => throw new NotSupportedException($"{typeof(T)} has no ONNX element type."),
        };

    /// <summary>The bytes one element takes.</summary>
    /// <param name="type">The element type.</param>
    public static int SizeOf(ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool => 1,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 => 8,
        _ => throw new NotSupportedException($"Tensors of {type} have no fixed element size."),
    };

    /// <summary>The product of a shape's dimensions, checked for overflow and negative sizes.</summary>
    /// <param name="shape">The shape; an empty one has one element.</param>
    public static long CountOf(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long dimension in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension);
            count = checked(count * dimension);
        }

        return count;
    }
}
