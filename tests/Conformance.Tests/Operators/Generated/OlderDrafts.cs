using DistillSharp.Graph;

namespace Conformance.Tests.Operators.Generated;

/// <summary>Operators in the forms that only operator sets up to 12 have: lists as attributes, axes from the front, one type.</summary>
internal static class OlderDrafts
{
    private static readonly string[] s_reductions =
        ["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp"];

    /// <summary>The operator, the first and the last operator set of the form, and what draws it.</summary>
    public static IReadOnlyList<(string Operation, int Since, int Until, Action<Draft> Draw)> Cases { get; } =
    [
        .. s_reductions.Select(name => (name, 7, 10, (Action<Draft>)Reduce)),
        ("ArgMax", 7, 10, Arg),
        ("ArgMin", 7, 10, Arg),
        ("Slice", 7, 9, Slice),
        ("Pad", 7, 10, Pad),
        ("TopK", 7, 10, TopK),
        ("Squeeze", 7, 12, Squeeze),
        ("Unsqueeze", 7, 12, Unsqueeze),
        ("Split", 7, 12, Split),
        ("Flatten", 7, 10, d => Front(d, (d, shape, axis) => d.Floats(shape).With("axis", (long)axis).Outputs(1))),
        ("Gather", 7, 10, d => Front(d, (d, shape, axis) => d.Floats(shape).Integers(d.Shape(0, 2), 0, (int)shape[axis] - 1).With("axis", (long)axis).Outputs(1))),
        ("Scatter", 9, 10, d => Front(d, (d, shape, axis) =>
        {
            long[] own = [.. shape];
            own[axis] = 1;
            d.Floats(shape).Integers(own, 0, (int)shape[axis] - 1).Floats(own).With("axis", (long)axis).Outputs(1);
        }
        )),
        ("Clip", 7, 10, d =>
        {
            d.Floats(d.Shape()).Outputs(1);
            _ = d.Coin() ? d.With("min", d.Real(-1, 0)) : d;
            _ = d.Coin() ? d.With("max", d.Real(0, 1)) : d;
        }
        ),
        ("Gemm", 7, 10, Gemm),
        ("MatMul", 7, 8, d =>
        {
            long inner = d.Next(1, 4);
            d.Floats([d.Next(1, 3), d.Next(1, 4), inner]).Floats([inner, d.Next(1, 4)]).Outputs(1);
        }
        ),
        ("MaxPool", 7, 11, d => Pool(d, dilations: d.Opset >= 10, ceil: d.Opset >= 10)),
        ("AveragePool", 7, 10, d =>
        {
            Pool(d, dilations: false, ceil: false);
            d.With("count_include_pad", (long)d.Next(0, 1));
        }
        ),
        ("LpPool", 7, 10, d =>
        {
            Pool(d, dilations: false, ceil: false);
            d.With("p", (long)d.Next(1, 3));
        }
        ),
        ("BatchNormalization", 7, 13, d =>
        {
            long[] shape = d.Shape(3, 5);
            bool spatial = d.Opset >= 9 || d.Coin();
            long[] channel = spatial ? [shape[1]] : shape[1..];
            d.Floats(shape).Floats(channel).Floats(channel).Floats(channel).Floats(channel, 0.2, 2).With("epsilon", d.Real(1e-5, 0.1)).Outputs(1);
            _ = d.Opset < 9 ? d.With("spatial", spatial ? 1L : 0) : d;
        }
        ),
        ("Dropout", 7, 11, d => d.Floats(d.Shape()).With("ratio", d.Real(0.1, 0.9)).Outputs(1)),
        ("Upsample", 7, 7, d => d.Floats([1, d.Next(1, 2), d.Next(1, 4), d.Next(1, 4)]).With("scales", new FloatsValue([1, 1, d.Any(1f, 1.5f, 2, 3), d.Any(1f, 2, 2.5f)])).With("mode", d.Any("nearest", "linear")).Outputs(1)),
        ("Upsample", 9, 9, d => Scaled(d, 1, 1.5f, 2, 3)),
        ("Resize", 10, 10, d => Scaled(d, 0.4f, 0.6f, 0.75f, 1, 1.5f, 2, 3)),
        ("Cast", 7, 12, Cast),
        ("Max", 8, 11, Several),
        ("Min", 8, 11, Several),
        ("Pow", 7, 11, d =>
        {
            long[] shape = d.Shape();
            d.Floats(shape, 0.2, 3).Floats(d.Narrower(shape)).Outputs(1);
        }
        ),
        ("Equal", 7, 10, d =>
        {
            long[] shape = d.Shape();
            _ = d.Coin() ? d.Ints(shape, -2, 2).Ints(d.Narrower(shape), -2, 2) : d.Flags(shape).Flags(d.Narrower(shape));
            d.Output(ElementType.Bool);
        }
        ),
        ("DepthToSpace", 7, 10, d => d.Floats([1, 8, 2, 3]).With("blocksize", 2L).Outputs(1)),
        ("ReverseSequence", 10, 12, BitDrafts.ReverseSequence),
        ("Compress", 9, 10, BitDrafts.Compress),
    ];

    private static void Front(Draft d, Action<Draft, long[], int> draw)
    {
        long[] shape = d.Shape(most: 4);
        draw(d, shape, d.Next(0, shape.Length - 1));
    }

    private static long[] Axes(Draft d, int rank, int fewest) => [.. d.Axes(rank, fewest).Select(axis => axis < 0 ? axis + rank : axis).Order()];

    private static void Reduce(Draft d)
    {
        long[] shape = d.Shape(), axes = Axes(d, shape.Length, 0);
        d.Floats(shape, d.Graph.Nodes[0].Operation == "ReduceLogSum" ? 0.1 : -2).With("keepdims", (long)d.Next(0, 1)).Outputs(1);
        _ = axes.Length > 0 ? d.With("axes", axes) : d;
    }

    private static void Arg(Draft d) => Front(d, (d, shape, axis) => d.Distinct(shape).With("axis", (long)axis).With("keepdims", (long)d.Next(0, 1)).Output(ElementType.Int64));

    private static void Slice(Draft d)
    {
        long[] shape = d.Shape(largest: 6), axes = Axes(d, shape.Length, 1);
        bool leading = d.Coin();
        int count = leading ? d.Next(1, shape.Length) : axes.Length;
        d.Floats(shape).With("starts", [.. Enumerable.Range(0, count).Select(_ => (long)d.Next(-3, 3))]).With("ends", [.. Enumerable.Range(0, count).Select(_ => d.Any(d.Next(-8, 8), long.MaxValue, int.MaxValue))]).Outputs(1);
        _ = leading ? d : d.With("axes", axes);
    }

    private static void Pad(Draft d)
    {
        long[] shape = [.. d.Shape(most: 4).Select(size => Math.Max(size, 3))];
        string mode = d.Any("constant", "reflect", "edge");
        d.Floats(shape).With("pads", [.. Enumerable.Range(0, 2 * shape.Length).Select(_ => (long)d.Next(mode == "constant" ? -1 : 0, 2))]).With("mode", mode).With("value", d.Real(-2, 2)).Outputs(1);
    }

    private static void TopK(Draft d) => Front(d, (d, shape, axis) =>
    {
        d.Distinct(shape);
        long k = d.Next(1, (int)shape[axis]);
        _ = d.Opset < 10 ? d.With("k", k) : d.List(k);
        d.With("axis", (long)axis).Outputs(1).Also(ElementType.Int64);
    });

    private static void Squeeze(Draft d)
    {
        long[] shape = [.. d.Shape().Select(size => d.Coin() ? size : 1)];
        long[] axes = [.. Enumerable.Range(0, shape.Length).Where(axis => shape[axis] == 1 && d.Coin()).Select(axis => (long)axis)];
        d.Floats(shape).Outputs(1);
        _ = axes.Length > 0 ? d.With("axes", axes) : d;
    }

    private static void Unsqueeze(Draft d)
    {
        long[] shape = d.Shape(most: 3);
        d.Floats(shape).With("axes", Axes(d, shape.Length + 1, 1)[..1]).Outputs(1);
    }

    private static void Split(Draft d)
    {
        long[] sizes = [.. Enumerable.Range(0, d.Next(1, 3)).Select(_ => (long)d.Next(1, 3))], shape = d.Shape(2, 4);
        bool named = d.Coin();
        shape[1] = named ? sizes.Sum() : sizes.Length * d.Next(1, 3);
        d.Floats(shape).With("axis", 1L).Outputs(sizes.Length);
        _ = named ? d.With("split", sizes) : d;
    }

    private static void Gemm(Draft d)
    {
        long inner = d.Next(1, 5), rows = d.Next(1, 4), columns = d.Next(1, 4);
        bool left = d.Coin(), right = d.Coin();
        d.Floats(left ? [inner, rows] : [rows, inner]).Floats(right ? [columns, inner] : [inner, columns]).Floats(d.Any<long[]>([columns], [rows, 1], [1, columns], [rows, columns]));
        d.With("transA", left ? 1L : 0).With("transB", right ? 1L : 0).With("alpha", d.Real(0.2, 2)).With("beta", d.Real(0.2, 2)).Outputs(1);
    }

    private static void Pool(Draft d, bool dilations, bool ceil)
    {
        d.Distinct([d.Next(1, 2), d.Next(1, 2), d.Next(6, 8), d.Next(6, 8)]).With("kernel_shape", d.Next(2, 3), d.Next(2, 3)).With("strides", d.Next(1, 2), d.Next(1, 2)).Outputs(1);
        _ = d.Coin() ? d.With("auto_pad", d.Any("SAME_UPPER", "SAME_LOWER", "VALID")) : d.With("pads", d.Next(0, 1), d.Next(0, 1), d.Next(0, 1), d.Next(0, 1));
        bool padded = d.Graph.Nodes[0].Attributes.ContainsKey("pads");
        _ = dilations && padded ? d.With("dilations", d.Next(1, 2), d.Next(1, 2)) : d;
        _ = ceil && padded ? d.With("ceil_mode", (long)d.Next(0, 1)) : d;
    }

    private static void Scaled(Draft d, params float[] scales)
    {
        d.Floats([1, d.Next(1, 2), d.Next(3, 6), d.Next(3, 6)]).Constant(TensorData.Create<float>([1, 1, d.Any<float>(scales), d.Any<float>(scales)], 4)).With("mode", d.Any("nearest", "linear")).Outputs(1);
    }

    private static void Cast(Draft d)
    {
        var to = d.Any(ElementType.Float32, ElementType.Int32, ElementType.Int64, ElementType.UInt8, ElementType.Bool, ElementType.Float64, ElementType.Int8, ElementType.UInt32);
        long[] shape = d.Shape();
        _ = d.Next(0, 3) switch { 0 => d.Floats(shape, 0, 9), 1 => d.Ints(shape, 0, 9), 2 => d.Integers(shape, 0, 9), _ => d.Flags(shape) };
        d.With("to", (long)to).Output(to);
    }

    private static void Several(Draft d)
    {
        long[] shape = d.Shape();
        d.Floats(shape).Floats(d.Narrower(shape)).Floats(d.Narrower(shape)).Outputs(1);
    }
}
