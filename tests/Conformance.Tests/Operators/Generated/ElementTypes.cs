using System.Runtime.InteropServices;
using DistillSharp.Graph;

namespace Conformance.Tests.Operators.Generated;

/// <summary>Whole numbers from 0 to 4 as any element type: what only moves, compares or adds them gives the same in each.</summary>
internal static class ElementTypes
{
    public static readonly ElementType[] Numbers =
    [
        ElementType.Float64, ElementType.Float16, ElementType.BFloat16, ElementType.Int8, ElementType.Int16, ElementType.Int32, ElementType.Int64,
        ElementType.UInt8, ElementType.UInt16, ElementType.UInt32, ElementType.UInt64,
    ];

    /// <summary>Operators that only move what they are given; they take truth values too.</summary>
    public static readonly string[] Moving =
    [
        "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Expand", "Tile", "Concat", "Split", "Slice", "Pad", "DepthToSpace", "SpaceToDepth", "Gather", "GatherElements", "GatherND",
        "Where", "Identity", "Trilu", "Compress", "ReverseSequence", "Size", "Shape",
    ];

    /// <summary>Operators whose results are whole and small where what they are given is.</summary>
    public static readonly string[] Counting =
    [
        "Add", "Mul", "Sum", "Max", "Min", "Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "ReduceMax", "ReduceMin", "ReduceSum", "ReduceL1", "Relu", "Abs", "Sign", "CumSum",
        "ScatterElements", "ScatterND", "TopK", "MaxPool", "OneHot",
    ];

    /// <summary>Makes the floats of a draft whole numbers from 0 to the most given.</summary>
    public static void Round(Draft draft, int most)
    {
        foreach (var (name, data) in draft.Fed.Where(input => input.Value.Type == ElementType.Float32).ToList())
        {
            draft.Fed[name] = TensorData.Create<float>([.. data.AsSpan<float>().ToArray().Select(value => (float)Math.Min(most, Math.Floor(Math.Abs(value * 2))))], [.. data.Shape]);
        }
    }

    /// <summary>The draft's graph with another type in the place of its floats.</summary>
    public static ModelGraph Retyped(ModelGraph graph, ElementType type)
    {
        graph = graph.Clone();
        foreach (var values in new[] { graph.Inputs, graph.Outputs })
        {
            for (int i = 0; i < values.Count; i++)
            {
                values[i] = values[i].Type == ElementType.Float32 ? values[i] with { Type = type } : values[i];
            }
        }

        return graph;
    }

    /// <summary>Whole floats as another type; what are none stay.</summary>
    public static TensorData Retyped(TensorData data, ElementType type)
    {
        if (data.Type != ElementType.Float32)
        {
            return data;
        }

        float[] values = data.AsSpan<float>().ToArray();
        long[] shape = [.. data.Shape];
        return type switch
        {
            ElementType.Float64 => Create(values, value => (double)value, shape),
            ElementType.Float16 => Create(values, value => (Half)value, shape),
            ElementType.BFloat16 => new(type, shape, MemoryMarshal.AsBytes<ushort>([.. values.Select(value => Rounded(BitConverter.SingleToUInt32Bits(value)))]).ToArray()),
            ElementType.Int8 => Create(values, value => (sbyte)value, shape),
            ElementType.Int16 => Create(values, value => (short)value, shape),
            ElementType.Int32 => Create(values, value => (int)value, shape),
            ElementType.Int64 => Create(values, value => (long)value, shape),
            ElementType.UInt8 => Create(values, value => (byte)value, shape),
            ElementType.UInt16 => Create(values, value => (ushort)value, shape),
            ElementType.UInt32 => Create(values, value => (uint)value, shape),
            ElementType.UInt64 => Create(values, value => (ulong)value, shape),
            _ => Create(values, value => value != 0, shape),
        };
    }

    /// <summary>The upper half of a float's bits, rounded to the nearest, ties to even.</summary>
    private static ushort Rounded(uint bits) => (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);

    private static TensorData Create<T>(float[] values, Func<float, T> convert, long[] shape)
        where T : unmanaged => TensorData.Create<T>([.. values.Select(convert)], shape);
}
