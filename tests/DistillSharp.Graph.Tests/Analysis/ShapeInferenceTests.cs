using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Tests.Analysis;

public sealed class ShapeInferenceTests
{
    [Fact]
    public void Shapes_pass_from_node_to_node_with_their_element_type()
    {
        var graph = new ModelGraph();
        graph.Inputs.Add(new("x", ElementType.Float16, [Dimension.Named("batch"), 3, 8, 8]));
        graph.Nodes.Add(new("Relu", ["x"], ["a"]));
        graph.Nodes.Add(new("GlobalAveragePool", ["a"], ["b"]));
        graph.Nodes.Add(new("Flatten", ["b"], ["c"]));

        ShapeInference.Infer(graph);

        Assert.Equal("a: Float16 [batch, 3, 8, 8]", ShapeInference.Find(graph, "a")!.ToString());
        Assert.Equal("b: Float16 [batch, 3, 1, 1]", ShapeInference.Find(graph, "b")!.ToString());
        Assert.Equal("c: Float16 [batch, 3]", ShapeInference.Find(graph, "c")!.ToString());
    }

    [Fact]
    public void What_an_unknown_operator_makes_stays_what_the_file_said()
    {
        var graph = new ModelGraph();
        graph.Inputs.Add(new("x", ElementType.Float32, [2, 3]));
        graph.Nodes.Add(new("Relu", ["x"], ["a"]) { Domain = "org.example" });
        graph.Nodes.Add(new("Mystery", ["x"], ["b"]));
        graph.Nodes.Add(new("Relu", ["b"], ["c"]));
        graph.KnownValues["b"] = new("b", ElementType.Int64, [7]);

        ShapeInference.Infer(graph);

        Assert.Null(ShapeInference.Find(graph, "a"));
        Assert.Equal("b: Int64 [7]", ShapeInference.Find(graph, "b")!.ToString());
        Assert.Equal("c: Int64 [7]", ShapeInference.Find(graph, "c")!.ToString());
        Assert.Null(ShapeInference.Find(graph, null));
    }

    [Fact]
    public void An_initialiser_has_the_shape_of_its_data()
    {
        var graph = new ModelGraph();
        graph.Add(new("w", TensorData.Create<double>(new double[6], 2, 3), trainable: true));

        Assert.Equal("w: Float64 [2, 3]", ShapeInference.Find(graph, "w")!.ToString());
    }

    [Fact]
    public void The_mask_of_a_dropout_is_not_taken_for_numbers() => Assert.Equal("Float32 2,3|Bool 2,3", new OneNode("Dropout", "2,3").Outputs(2).InferTyped());

    [Theory]
    [InlineData("Relu")]
    [InlineData("Sigmoid")]
    [InlineData("Softmax")]
    [InlineData("Clip")]
    [InlineData("Identity")]
    [InlineData("BatchNormalization")]
    public void An_elementwise_operator_keeps_the_shape(string operation) => Assert.Equal("n,3,?", new OneNode(operation, "n,3,?").Infer());
}
