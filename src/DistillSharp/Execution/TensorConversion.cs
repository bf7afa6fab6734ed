using System.Runtime.InteropServices;
using DistillSharp.Graph;
using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution;

/// <summary>Between a graph's constants and libtorch's tensors.</summary>
internal static class TensorConversion
{
    /// <summary>libtorch's name of an element type.</summary>
    public static ScalarType TypeOf(ElementType type) => type switch
    {
        ElementType.Float32 => ScalarType.Float32,
        ElementType.Float64 => ScalarType.Float64,
        ElementType.Float16 => ScalarType.Float16,
        ElementType.BFloat16 => ScalarType.BFloat16,
        ElementType.Int64 => ScalarType.Int64,
        ElementType.Int32 => ScalarType.Int32,
        ElementType.Int16 => ScalarType.Int16,
        ElementType.Int8 => ScalarType.Int8,
        ElementType.UInt8 => ScalarType.Byte,
        ElementType.Bool => ScalarType.Bool,
        _ when UnsignedTypes.AreWidened(type) => ScalarType.Int64,
        _ => throw new GraphException($"The executor holds no tensors of {type}."),
    };

    /// <summary>The element type of a tensor, as ONNX names it.</summary>
    /// <param name="type">libtorch's name.</param>
    public static ElementType ElementTypeOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => ElementType.Float32,
        ScalarType.Float64 => ElementType.Float64,
        ScalarType.Int64 => ElementType.Int64,
        ScalarType.Int32 => ElementType.Int32,
        ScalarType.Int16 => ElementType.Int16,
        ScalarType.Int8 => ElementType.Int8,
        ScalarType.Byte => ElementType.UInt8,
        ScalarType.Bool => ElementType.Bool,
        _ => throw new GraphException($"ONNX has no element type for {type}."),
    };

    /// <summary>Copies a constant into a tensor; floating-point ones are converted.</summary>
    /// <param name="data">The constant.</param>
    /// <param name="floating">The type floating-point elements are converted to.</param>
    /// <param name="device">Where the tensor shall live.</param>
    public static Tensor ToTensor(TensorData data, ScalarType floating, Device device)
    {
        using var guard = no_grad();
        using var same = UnsignedTypes.AreWidened(data.Type) ? UnsignedTypes.Widen(data) : empty([.. data.Shape], TypeOf(data.Type));
        if (data.Count > 0 && !UnsignedTypes.AreWidened(data.Type))
        {
            data.Bytes.CopyTo(same.bytes);
        }

        return same.is_floating_point() ? same.to(floating, device, copy: true) : same.to(device, copy: true);
    }

    /// <summary>Copies a tensor into a constant.</summary>
    /// <param name="tensor">The tensor, on the host.</param>
    /// <param name="type">The constant's element type.</param>
    /// <param name="shape">The constant's shape.</param>
    public static TensorData ToData(Tensor tensor, ElementType type, IReadOnlyList<long> shape)
    {
        using var typed = tensor.to(TypeOf(type));
        using var whole = typed.contiguous();
        if (whole.numel() == 0 || UnsignedTypes.AreWidened(type))
        {
            return new(type, [.. shape], whole.numel() == 0 ? [] : UnsignedTypes.Narrow(whole, type));
        }

        return new(type, [.. shape], whole.bytes.ToArray());
    }

    /// <summary>Copies floats into a new tensor.</summary>
    /// <param name="values">The elements in C order.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="type">The floating-point type wanted.</param>
    /// <param name="device">Where the tensor shall live.</param>
    public static Tensor FromFloats(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, ScalarType type, Device device)
    {
        var host = empty(shape.ToArray(), ScalarType.Float32);
        MemoryMarshal.AsBytes(values).CopyTo(host.bytes);
        return Move(host, type, device);
    }

    /// <summary>Copies pixels into a new tensor, as numbers from 0 to 1.</summary>
    /// <param name="pixels">The pixels, 0 to 255.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">Where the tensor shall live.</param>
    public static Tensor FromPixels(ReadOnlySpan<byte> pixels, ReadOnlySpan<long> shape, ScalarType type, Device device)
    {
        using var host = empty(shape.ToArray(), ScalarType.Byte);
        pixels.CopyTo(host.bytes);
        var numbers = host.to(type, device);
        numbers.div_(Number.Of(255.0));
        return numbers;
    }

    /// <summary>Copies class numbers into a new tensor.</summary>
    /// <param name="labels">The classes, <c>[N]</c>.</param>
    /// <param name="device">Where the tensor shall live.</param>
    public static Tensor FromLabels(ReadOnlySpan<long> labels, Device device)
    {
        var host = empty([labels.Length], ScalarType.Int64);
        MemoryMarshal.AsBytes(labels).CopyTo(host.bytes);
        return Move(host, ScalarType.Int64, device);
    }

    private static Tensor Move(Tensor host, ScalarType type, Device device)
    {
        if (host.dtype == type && device.type == DeviceType.CPU)
        {
            return host;
        }

        using (host)
        {
            return host.to(type, device);
        }
    }
}
