using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;

namespace DistillSharp.Runtime.Tests.Passes;

/// <summary>On random graphs the inferred shapes are those that ONNX Runtime comes out with.</summary>
public sealed class RandomShapeTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(17)]
    [InlineData(18)]
    public void Inferred_types_and_shapes_are_those_of_a_run(int opset)
    {
        int compared = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var graph = Grow(opset, new Random((1000 * opset) + seed));
            var inferred = graph.Clone();
            ShapeInference.Infer(inferred);
            foreach (var (name, data) in SessionRun.Run(graph, PassAssert.Feeds(graph, seed)))
            {
                var found = ShapeInference.Find(inferred, name);
                Assert.True(found is not null && found.Type == data.Type && found.Shape is not null && found.Shape.Select(size => size.Size).SequenceEqual(data.Shape.Select(size => (long?)size)),
                    $"seed {seed}: {found} instead of {data.Type} [{string.Join(", ", data.Shape)}], made by {graph.Nodes.First(node => node.Outputs.Contains(name))} of [{string.Join(", ", graph.Nodes.First(node => node.Outputs.Contains(name)).Inputs)}]");
                compared++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} shapes compared");
        Assert.True(compared > 500);
    }

    [Fact]
    public void A_resized_side_is_rounded_as_a_run_rounds_it()
    {
        var wrong = new List<string>();
        foreach (float scale in new[] { 2.3f, 1.1f, 0.7f, 0.1f, 1.3f })
        {
            for (long size = 10; size < 40; size++)
            {
                var graph = new TestGraph(13).Input("x", 1, 1, 1, size).Constant("s", TensorData.Create<float>([1, 1, 1, scale], 4)).Constant("r", TensorData.Create<float>([], 0))
                    .Node("Resize", ["x", "r", "s"], ["y"]).Output("y").Graph;
                long actual = SessionRun.Run(graph, PassAssert.Feeds(graph, 1))["y"].Shape[3];
                ShapeInference.Infer(graph);
                if (ShapeInference.Find(graph, "y")!.Shape![3].Size != actual)
                {
                    wrong.Add($"{size} x {scale} = {actual}, not {ShapeInference.Find(graph, "y")}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>A chain of a dozen operators, each fitted to the shape so far; every value is an output.</summary>
    private static ModelGraph Grow(int opset, Random random)
    {
        var test = new TestGraph(opset, random.Next());
        long[] start = [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => (long)random.Next(2, 7))];
        test.Input("x", [.. start.Select(Dimension.Of)]);
        string value = "x";
        for (int step = 0; step < 12; step++)
        {
            ShapeInference.Infer(test.Graph);
            var known = ShapeInference.Find(test.Graph, value)!;
            string next = $"v{step}";
            Add(test, value, [.. known.Shape!.Select(size => size.Size!.Value)], next, opset, random);
            ShapeInference.Infer(test.Graph);
            var made = ShapeInference.Find(test.Graph, next)!;
            test.Output(next, made.Type);
            if (made.Type == ElementType.Float32 && TensorData.CountOf([.. made.Shape!.Select(size => size.Size!.Value)]) is > 0 and < 20000)
            {
                value = next;
            }
        }

        return test.Graph;
    }

    private static void Add(TestGraph test, string x, long[] shape, string y, int opset, Random random)
    {
        int rank = shape.Length, axis = rank == 0 ? 0 : random.Next(rank);
        (string, AttributeValue) Axis(string name = "axis") => (name, new IntValue(random.Next(2) == 0 ? axis : axis - rank));
        string Longs(string suffix, params long[] values)
        {
            test.Longs(y + suffix, values);
            return y + suffix;
        }

        switch (random.Next(24))
        {
            case 0 when rank > 0:
                test.Node("Transpose", [x], [y], ("perm", new IntsValue([.. Enumerable.Range(0, rank).Select(i => (long)i).OrderBy(_ => random.Next())])));
                break;
            case 1:
                test.Node("Reshape", [x, Longs("s", -1, 1)], [y]);
                break;
            case 2 when rank > 0:
                test.Node("Concat", [x, x, x], [y], Axis());
                break;
            case 3 when rank > 0:
                test.Node("ArgMax", [x], [y], Axis(), ("keepdims", new IntValue(random.Next(2))));
                break;
            case 4 when rank > 1:
                test.Node("Flatten", [x], [y], Axis());
                break;
            case 5 when rank > 0 && opset < 18:
                test.Node("ReduceMax", [x], [y], ("axes", new IntsValue([axis])), ("keepdims", new IntValue(random.Next(2))));
                break;
            case 6 when rank > 0 && opset >= 13:
                test.Node("ReduceSum", [x, Longs("a", axis - rank)], [y], ("keepdims", new IntValue(random.Next(2))));
                break;
            case 7 when rank > 0:
                test.Node("Slice", [x, Longs("s", random.Next(-3, 3)), Longs("e", random.Next(-2, 9)), Longs("a", axis), Longs("t", random.Next(2) == 0 ? 1 : 2)], [y]);
                break;
            case 8 when rank > 0:
                test.Node("Gather", [x, Longs("i", 0, -1, 0)], [y], Axis());
                break;
            case 9 when rank is > 0 and < 6 && opset >= 13:
                test.Node("Unsqueeze", [x, Longs("a", axis, axis + 1)], [y]);
                break;
            case 10 when rank > 0:
                test.Node("Tile", [x, Longs("r", [.. shape.Select(_ => random.NextInt64(1, 3))])], [y]);
                break;
            case 11 when rank is > 0 and < 6:
                test.Node("Expand", [x, Longs("s", [2, .. shape.Select(size => random.Next(2) == 0 ? 1 : size)])], [y]);
                break;
            case 12 when rank > 0:
                test.Node("Pad", [x, Longs("p", [.. Enumerable.Range(0, 2 * rank).Select(_ => random.NextInt64(0, 3))])], [y]);
                break;
            case 13 when rank > 1:
                test.Weight(y + "w", shape[^1], 3).Node("MatMul", [x, y + "w"], [y]);
                break;
            case 14 when rank is >= 3 and <= 5:
                int window = (int)Math.Min(2, shape.Skip(2).Min());
                test.Node("MaxPool", [x], [y, y + "i"], ("kernel_shape", new IntsValue([.. shape.Skip(2).Select(_ => (long)window)])), ("strides", new IntsValue([.. shape.Skip(2).Select(_ => random.NextInt64(1, window + 1))])), ("ceil_mode", new IntValue(random.Next(2))));
                break;
            case 15 when rank is >= 3 and <= 5:
                test.Weight(y + "w", [2, shape[1], .. shape.Skip(2).Select(size => Math.Min(size, 2))])
                    .Node("Conv", [x, y + "w"], [y], ("auto_pad", new TextValue(random.Next(2) == 0 ? "SAME_UPPER" : "VALID")), ("strides", new IntsValue([.. shape.Skip(2).Select(_ => random.NextInt64(1, 3))])));
                break;
            case 16 when rank is 3 or 4:
                test.Weight(y + "w", [shape[1], 2, .. shape.Skip(2).Select(_ => 3L)])
                    .Node("ConvTranspose", [x, y + "w"], [y], ("strides", new IntsValue([.. shape.Skip(2).Select(_ => 2L)])), ("output_padding", new IntsValue([.. shape.Skip(2).Select(_ => random.NextInt64(0, 2))])));
                break;
            case 17 when rank > 0:
                test.Node("TopK", [x, Longs("k", 1)], [y, y + "i"], Axis());
                break;
            case 18 when rank == 4:
                test.Constant(y + "s", TensorData.Create<float>([1, 1, 1.5f, 2.25f], 4)).Constant(y + "roi", TensorData.Create<float>([], 0)).Node("Resize", [x, y + "roi", y + "s"], [y], ("mode", new TextValue("nearest")));
                break;
            case 19:
                test.Node("Shape", [x], [y]);
                break;
            case 20:
                test.Node("Greater", [x, x], [y]);
                break;
            case 21 when rank > 0:
                test.Weight(y + "w", [.. shape.Skip(axis)]).Node("Sum", [x, y + "w", x], [y]);
                break;
            case 22 when rank > 1 && opset >= 12:
                test.Node("Einsum", [x, x], [y], ("equation", new TextValue("...ij,...kj->...ik")));
                break;
            default:
                test.Node("Tanh", [x], [y]);
                break;
        }
    }
}
