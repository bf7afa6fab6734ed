using DistillSharp.Graph;

namespace Conformance.Tests.Operators.Generated;

/// <summary>The same elements in another shape or order; joining, cutting, padding.</summary>
internal static class ShapeDrafts
{
    public static readonly Dictionary<string, (int Since, Action<Draft> Draw)> Cases = new()
    {
        ["Reshape"] = (5, Reshape),
        ["Flatten"] = (11, d =>
        {
            long[] shape = d.Shape();
            d.Floats(shape).With("axis", d.Next(-shape.Length, shape.Length)).Outputs(1);
        }
        ),
        ["Transpose"] = (1, Transpose),
        ["Squeeze"] = (11, Squeeze),
        ["Unsqueeze"] = (11, Unsqueeze),
        ["Expand"] = (8, d =>
        {
            long[] shape = d.Shape();
            d.Floats(d.Narrower(shape)).List(shape.Select(size => d.Coin() ? size : 1).ToArray()).Outputs(1);
        }
        ),
        ["Tile"] = (6, d =>
        {
            long[] shape = d.Shape();
            d.Floats(shape).List([.. shape.Select(_ => (long)d.Next(1, 3))]).Outputs(1);
        }
        ),
        ["Concat"] = (4, Concat),
        ["Split"] = (11, Split),
        ["Slice"] = (10, Slice),
        ["Pad"] = (11, Pad),
        ["Shape"] = (1, d =>
        {
            d.Floats(d.Shape()).Output(ElementType.Int64);
            if (d.Opset >= 15)
            {
                d.With("start", d.Next(-6, 6)).With("end", d.Next(-6, 6));
            }
        }
        ),
        ["Size"] = (1, d => d.Floats(d.Shape()).Output(ElementType.Int64)),
        ["DepthToSpace"] = (11, d =>
        {
            long block = d.Next(1, 3);
            d.Floats([d.Next(1, 2), block * block * d.Next(1, 2), d.Next(1, 3), d.Next(1, 3)]).With("blocksize", block).With("mode", d.Any("DCR", "CRD")).Outputs(1);
        }
        ),
        ["SpaceToDepth"] = (1, d =>
        {
            long block = d.Next(1, 3);
            d.Floats([d.Next(1, 2), d.Next(1, 2), block * d.Next(1, 2), block * d.Next(1, 2)]).With("blocksize", block).Outputs(1);
        }
        ),
    };

    private static void Reshape(Draft d)
    {
        long[] shape = d.Shape();
        long[] order = [.. d.Order(shape.Length).Select(axis => shape[axis])];
        if (d.Coin())
        {
            order[d.Next(0, order.Length - 1)] = -1;
        }
        else if (order[0] == shape[0])
        {
            order[0] = 0;
        }

        d.Floats(shape).List(order).Outputs(1);
    }

    private static void Transpose(Draft d)
    {
        long[] shape = d.Shape();
        d.Floats(shape).Outputs(1);
        if (d.Coin())
        {
            d.With("perm", [.. d.Order(shape.Length).Select(axis => (long)axis)]);
        }
    }

    private static void Squeeze(Draft d)
    {
        long[] shape = [.. d.Shape().Select(size => d.Coin() ? size : 1)];
        d.Floats(shape).Outputs(1);
        long[] axes = [.. Enumerable.Range(0, shape.Length).Where(axis => shape[axis] == 1 && d.Coin()).Select(axis => d.Coin() ? (long)axis : axis - shape.Length)];

        // An empty list of axes ONNX Runtime takes as none given; ONNX's own implementation removes nothing then.
        if (axes.Length > 0)
        {
            d.ListSince(13, "axes", axes);
        }
    }

    private static void Unsqueeze(Draft d)
    {
        long[] shape = d.Shape(most: 3);
        int count = d.Next(1, 2), rank = shape.Length + count;
        d.Floats(shape).ListSince(13, "axes", [.. d.Order(rank)[..count].Select(axis => d.Coin() ? (long)axis : axis - rank)]).Outputs(1);
    }

    private static void Concat(Draft d)
    {
        long[] shape = d.Shape();
        long axis = d.Axis(shape.Length);
        for (int i = d.Next(1, 4); i > 0; i--)
        {
            long[] own = [.. shape];
            own[axis < 0 ? axis + shape.Length : axis] = d.Next(1, 4);
            d.Floats(own);
        }

        d.With("axis", axis).Outputs(1);
    }

    private static void Split(Draft d)
    {
        long[] shape = d.Shape();
        long axis = d.Axis(shape.Length);
        ref long size = ref shape[axis < 0 ? axis + shape.Length : axis];
        int count = d.Next(1, 3);
        bool named = d.Coin();
        long[] sizes = [.. Enumerable.Range(0, count).Select(_ => (long)d.Next(1, 3))];
        size = named ? sizes.Sum() : count * d.Next(1, 3);
        d.Floats(shape).With("axis", axis);
        if (named)
        {
            d.ListSince(13, "split", sizes);
        }
        else if (d.Opset >= 18)
        {
            d.With("num_outputs", count);
        }

        d.Outputs(count);
    }

    private static void Slice(Draft d)
    {
        long[] shape = d.Shape(largest: 6), axes = d.Axes(shape.Length, fewest: 1);
        long[] starts = [.. axes.Select(_ => (long)d.Next(-8, 8))], steps = [.. axes.Select(_ => d.Any(1L, 2, -1, -2, 3))];
        bool stepped = d.Coin();

        // Backwards, ONNX Runtime takes the largest integers as "to the front"; for ONNX they lie behind the start.
        long[] ends = [.. steps.Select(step => stepped && step < 0 ? d.Any(d.Next(-8, 8), long.MinValue) : d.Any(d.Next(-8, 8), long.MaxValue, int.MaxValue, long.MinValue))];
        d.Floats(shape).List(starts).List(ends).List(axes);
        if (stepped)
        {
            d.List(steps);
        }

        d.Outputs(1);
    }

    private static void Pad(Draft d)
    {
        long[] shape = d.Shape(most: 4);
        string mode = d.Any<string>(d.Opset >= 19 ? ["constant", "reflect", "edge", "wrap"] : ["constant", "reflect", "edge"]);
        shape = [.. shape.Select(size => Math.Max(size, 3))];
        long[]? axes = d.Opset >= 18 && d.Coin() ? d.Axes(shape.Length, fewest: 1) : null;
        long[] pads = [.. Enumerable.Range(0, 2 * (axes?.Length ?? shape.Length)).Select(_ => (long)d.Next(mode == "constant" ? -1 : 0, 2))];
        d.Floats(shape).List(pads).With("mode", mode).Outputs(1);
        if (mode == "constant" && d.Coin())
        {
            d.Floats([]);
        }
        else if (axes is not null)
        {
            d.LeftOut();
        }

        if (axes is not null)
        {
            d.List(axes);
        }
    }
}
