using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Tests.Analysis;

/// <summary>Integers that are made of sizes reach the operators that want them.</summary>
public sealed class KnownNumbersTests
{
    [Fact]
    public void A_reshape_to_computed_sizes_keeps_the_batchs_name()
    {
        // What exporters write for x.view(x.size(0), -1, 2): Shape, Gather, Unsqueeze, Concat, Reshape.
        var graph = Graph("batch", 3, 4);
        Longs(graph, "zero", [], 0);
        Longs(graph, "axes", [1], 0);
        Longs(graph, "rest", [2], -1, 2);
        Node(graph, "Shape", ["x"], "s");
        Node(graph, "Gather", ["s", "zero"], "n");
        Node(graph, "Unsqueeze", ["n", "axes"], "n1");
        Node(graph, "Concat", ["n1", "rest"], "target").Attributes["axis"] = new IntValue(0);
        Node(graph, "Reshape", ["x", "target"], "y");

        Assert.Equal("y: Float32 [batch, 6, 2]", Infer(graph, "y"));
    }

    [Fact]
    public void A_fixed_size_is_worked_out_through_arithmetic_and_casts()
    {
        // floor(float(height) * 2.5) as a Resize's size.
        var graph = Graph("batch", 3, 5, 7);
        Longs(graph, "two", [1], 2);
        Longs(graph, "three", [1], 3);
        graph.Add(new("scale", TensorData.Create<float>([2.5f], 1), trainable: false));
        Node(graph, "Shape", ["x"], "s");
        Node(graph, "Slice", ["s", "two", "three"], "h");
        Node(graph, "Cast", ["h"], "f").Attributes["to"] = new IntValue(1);
        Node(graph, "Mul", ["f", "scale"], "g");
        Node(graph, "Floor", ["g"], "floor");
        Node(graph, "Cast", ["floor"], "size").Attributes["to"] = new IntValue(7);
        Node(graph, "ConstantOfShape", ["size"], "y");

        Assert.Equal("y: Float32 [12]", Infer(graph, "y"));
    }

    [Theory]
    [InlineData("Mul", 1, "batch")]
    [InlineData("Mul", 2, "?")]
    [InlineData("Mul", 0, "0")]
    [InlineData("Add", 0, "batch")]
    [InlineData("Sub", 0, "batch")]
    [InlineData("Div", 1, "batch")]
    [InlineData("Add", 1, "?")]
    public void A_name_stays_a_name_where_arithmetic_leaves_it_alone(string operation, long number, string expected)
    {
        var graph = Graph("batch");
        Longs(graph, "number", [1], number);
        Node(graph, "Shape", ["x"], "s");
        Node(graph, operation, ["s", "number"], "t");
        Node(graph, "ConstantOfShape", ["t"], "y");

        Assert.Equal($"y: Float32 [{expected}]", Infer(graph, "y"));
    }

    [Fact]
    public void An_expansion_to_all_but_minus_ones_is_understood()
    {
        // What exporters write for expand(batch, -1): Where(Equal(target, -1), ones, target).
        var graph = Graph("batch", 4);
        graph.Inputs.Add(new("token", ElementType.Float32, [1, 4]));
        Longs(graph, "minus", [2], -1, -1);
        Longs(graph, "ones", [2], 1, 1);
        Node(graph, "Shape", ["x"], "s");
        Node(graph, "Equal", ["s", "minus"], "free");
        Node(graph, "Where", ["free", "ones", "s"], "target");
        Node(graph, "Expand", ["token", "target"], "y");

        Assert.Equal("y: Float32 [batch, 4]", Infer(graph, "y"));
    }

    [Fact]
    public void Sizes_of_which_only_the_count_is_known_give_the_rank()
    {
        var graph = Graph("batch", 4);
        graph.Inputs.Add(new("sizes", ElementType.Int64, [3]));
        Node(graph, "Reshape", ["x", "sizes"], "y");

        Assert.Equal("y: Float32 [?, ?, ?]", Infer(graph, "y"));
    }

    private static ModelGraph Graph(string first, params long[] rest)
    {
        var graph = new ModelGraph();
        graph.Inputs.Add(new("x", ElementType.Float32, [Dimension.Named(first), .. rest.Select(Dimension.Of)]));
        return graph;
    }

    private static void Longs(ModelGraph graph, string name, long[] shape, params long[] values) => graph.Add(new(name, TensorData.Create<long>(values, shape is [1] ? [values.Length] : shape), trainable: false));

    private static GraphNode Node(ModelGraph graph, string operation, string[] inputs, string output)
    {
        var node = new GraphNode(operation, inputs, [output]);
        graph.Nodes.Add(node);
        return node;
    }

    private static string Infer(ModelGraph graph, string value)
    {
        ShapeInference.Infer(graph);
        return ShapeInference.Find(graph, value)!.ToString();
    }
}
