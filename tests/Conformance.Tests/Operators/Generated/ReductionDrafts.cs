using DistillSharp.Graph;

namespace Conformance.Tests.Operators.Generated;

/// <summary>Reductions, selections and running sums.</summary>
internal static class ReductionDrafts
{
    public static readonly Dictionary<string, (int Since, Action<Draft> Draw)> Cases = new()
    {
        ["ReduceSum"] = (11, d => Reduce(d, since: 13)),
        ["ReduceMean"] = (11, d => Reduce(d)),
        ["ReduceProd"] = (11, d => Reduce(d)),
        ["ReduceMax"] = (11, d => Reduce(d)),
        ["ReduceMin"] = (11, d => Reduce(d)),
        ["ReduceL1"] = (11, d => Reduce(d)),
        ["ReduceL2"] = (11, d => Reduce(d)),
        ["ReduceSumSquare"] = (11, d => Reduce(d)),
        ["ReduceLogSum"] = (11, d => Reduce(d, low: 0.1)),
        ["ReduceLogSumExp"] = (11, d => Reduce(d)),
        ["ArgMax"] = (11, Arg),
        ["ArgMin"] = (11, Arg),
        ["TopK"] = (11, TopK),
        ["CumSum"] = (11, CumSum),
        ["NonZero"] = (9, d =>
        {
            long[] shape = d.Shape();
            _ = d.Coin() ? d.Flags(shape) : d.Integers(shape, 0, 1);
            d.Output(ElementType.Int64);
        }
        ),
    };

    private static void Reduce(Draft d, int since = 18, double low = -2)
    {
        long[] shape = d.Shape();
        long[] axes = d.Axes(shape.Length, fewest: d.Opset >= since ? 0 : 1);
        bool integers = d.Next(0, 3) == 0 && low < 0 && d.Graph.Nodes[0].Operation is "ReduceSum" or "ReduceProd" or "ReduceMax" or "ReduceMin";
        _ = integers ? d.Ints(shape, -3, 3) : d.Floats(shape, low);
        if (d.Coin() || axes.Length > 0)
        {
            d.ListSince(since, "axes", axes);
        }

        // ONNX Runtime's composed reductions take "no axes, no reduction" as the inner function still applied; ONNX as the input.
        if (d.Opset >= since && d.Coin() && d.Graph.Nodes[0].Operation is "ReduceSum" or "ReduceMean" or "ReduceProd" or "ReduceMax" or "ReduceMin" && d.Opset >= since)
        {
            d.With("noop_with_empty_axes", 1L);
        }

        d.With("keepdims", d.Next(0, 1)).Output(integers ? ElementType.Int32 : ElementType.Float32);
    }

    private static void Arg(Draft d)
    {
        long[] shape = d.Shape();
        _ = d.Coin() ? d.Distinct(shape) : d.Ints(shape, 0, 2);
        d.With("axis", d.Axis(shape.Length)).With("keepdims", d.Next(0, 1)).Output(ElementType.Int64);
        if (d.Opset >= 12)
        {
            d.With("select_last_index", d.Next(0, 1));
        }
    }

    private static void TopK(Draft d)
    {
        long[] shape = d.Shape(largest: 6);
        long axis = d.Axis(shape.Length);
        d.Distinct(shape).List(d.Next(1, (int)shape[axis < 0 ? axis + shape.Length : axis])).With("axis", axis).With("largest", d.Next(0, 1)).Outputs(1).Also(ElementType.Int64);
    }

    private static void CumSum(Draft d)
    {
        long[] shape = d.Shape();
        bool integers = d.Coin();
        _ = integers ? d.Integers(shape, -9, 9) : d.Floats(shape);
        d.Scalar(d.Axis(shape.Length)).With("exclusive", d.Next(0, 1)).With("reverse", d.Next(0, 1)).Output(integers ? ElementType.Int64 : ElementType.Float32);
    }
}
