using System.Globalization;
using System.Runtime.InteropServices;
using DistillSharp.Graph;
using DistillSharp.Tasks.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DistillSharp.Runtime.Profiling;

/// <summary>Makes the inputs of a timed prediction from what the model declares: noise for fractions, ones for whole numbers (masks, tokens).</summary>
internal static class BenchmarkInput
{
    private const long MaxElements = 1L << 28;

    /// <summary>The shape of an input with every free size settled.</summary>
    /// <param name="session">The model.</param>
    /// <param name="name">The input.</param>
    /// <param name="options">Batch and picture size.</param>
    /// <exception cref="GraphException">A size is free and nothing says it, or is fixed and another was asked for.</exception>
    public static long[] Shape(ModelSession session, string name, BenchmarkOptions options)
    {
        int[] declared = session.Native.InputMetadata[name].Dimensions;
        long[] shape = [.. declared.Select((size, axis) => SizeOf(session, name, declared.Length, axis, size > 0 ? size : null, options))];
        double count = shape.Aggregate(1.0, (product, size) => product * size);
        return count <= MaxElements
            ? shape
            : throw new GraphException($"The input '{name}' would be [{string.Join(", ", shape)}], more than {MaxElements:N0} elements. Use a smaller --batch or --imgsz.");
    }

    /// <summary>An input's value; the caller disposes it.</summary>
    /// <param name="session">The model.</param>
    /// <param name="name">The input.</param>
    /// <param name="shape">Its shape.</param>
    /// <exception cref="GraphException">The input is no tensor of numbers.</exception>
    public static OrtValue Create(ModelSession session, string name, long[] shape)
    {
        var type = session.Native.InputMetadata[name].ElementDataType;
        if (type is TensorElementType.String or TensorElementType.DataTypeMax)
        {
            throw new GraphException($"The input '{name}' holds {type}; only models whose inputs are numbers can be timed.");
        }

        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, shape);
        var bytes = value.GetTensorMutableRawData();
        bytes.Clear();
        var random = new SampleRandom(0, 0, 0);
        switch (type)
        {
            case TensorElementType.Float:
                foreach (ref float number in MemoryMarshal.Cast<byte, float>(bytes))
                {
                    number = (float)random.NextNormal();
                }

                break;
            case TensorElementType.Double:
                foreach (ref double number in MemoryMarshal.Cast<byte, double>(bytes))
                {
                    number = random.NextNormal();
                }

                break;
            case TensorElementType.Float16:
                foreach (ref Half number in MemoryMarshal.Cast<byte, Half>(bytes))
                {
                    number = (Half)random.NextNormal();
                }

                break;
            case TensorElementType.UInt8:
                foreach (ref byte number in bytes)
                {
                    number = (byte)random.NextInt(256);
                }

                break;
            case TensorElementType.Int64 or TensorElementType.UInt64:
                MemoryMarshal.Cast<byte, long>(bytes).Fill(1);
                break;
            case TensorElementType.Int32 or TensorElementType.UInt32:
                MemoryMarshal.Cast<byte, int>(bytes).Fill(1);
                break;
            case TensorElementType.Bool:
                bytes.Fill(1);
                break;
            default:
                break;
        }

        return value;
    }

    private static long SizeOf(ModelSession session, string name, int rank, int axis, int? declared, BenchmarkOptions options)
    {
        bool side = rank == 4 && axis >= 2;
        int? asked = axis == 0 ? options.Batch : side ? options.ImageSize : null;
        if (declared is { } size)
        {
            string option = axis == 0 ? "--batch" : "--imgsz";
            return asked is null || asked == size
                ? size
                : throw new GraphException(string.Create(CultureInfo.InvariantCulture, $"The input '{name}' has the fixed size {size} at axis {axis}, but {option} {asked} was asked for. Leave {option} out, or export the model with a free size."));
        }

        return asked ?? (axis, rank, session.Card) switch
        {
            (0, _, _) => 1,
            (1, 4, { } card) => card.Input.Channels,
            (2, 4, { } card) => card.Input.Height,
            (3, 4, { } card) => card.Input.Width,
            _ => throw new GraphException($"The size of axis {axis} of the input '{name}' is free and the model carries no card that says it. {(side ? "Say it with --imgsz." : "Export the model with that size fixed.")}"),
        };
    }
}
