using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Tests.Analysis;

public sealed class ModelStatisticsTests
{
    [Fact]
    public void A_small_network_counts_what_is_worked_by_hand()
    {
        var b = new GraphBuilder("small");
        string x = b.BatchNorm("bn", b.Conv("conv", b.Input(4, 9, 9), 6, kernel: 3, stride: 2, padding: 1, groups: 2, bias: true));
        var graph = b.Build(b.Linear("fc", b.Flatten("flatten", b.Relu("relu", x)), 3));

        var statistics = ModelStatistics.Of(graph);

        // Filters 6 x 2 x 3 x 3 and 6 biases, 6 scales and 6 shifts, a matrix 3 x (6 x 5 x 5) and 3 biases.
        Assert.Equal(108 + 6 + 12 + 450 + 3, statistics.Parameters);
        Assert.Equal(6, statistics.ParameterTensors);
        Assert.Equal(12, statistics.Frozen);
        Assert.Equal((6 * 5 * 5 * 18) + 450, statistics.Macs);
        Assert.Equal("BatchNormalization 1, Conv 1, Flatten 1, Gemm 1, Relu 1", string.Join(", ", statistics.Operators.Select(pair => $"{pair.Key} {pair.Value}")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_matrix_counts_the_same_however_it_lies(int transposed)
    {
        var graph = Product("Gemm", transposed == 1 ? [5, 4] : [4, 5]);
        graph.Nodes[0].Attributes["transB"] = new IntValue(transposed);

        Assert.Equal(20, ModelStatistics.Of(graph).Macs);
    }

    [Fact]
    public void A_matrix_product_counts_as_Gemm_does() => Assert.Equal(20, ModelStatistics.Of(Product("MatMul", [4, 5])).Macs);

    [Fact]
    public void Where_a_shape_is_unknown_the_operations_are_too()
    {
        var graph = Product("MatMul", [4, 5]);
        graph.Inputs[0] = graph.Inputs[0] with { Shape = null };

        var statistics = ModelStatistics.Of(graph);

        Assert.Null(statistics.Macs);
        Assert.Equal(20, statistics.Parameters);
    }

    [Fact]
    public void Counting_does_not_change_the_graph()
    {
        var graph = Product("MatMul", [4, 5]);
        byte[] before = OnnxFile.Serialize(graph);

        ModelStatistics.Of(graph);

        Assert.Equal(before, OnnxFile.Serialize(graph));
    }

    [Fact]
    public void A_vector_in_place_of_a_matrix_is_counted_as_unknown()
    {
        var graph = Product("MatMul", [4]);
        graph.KnownValues["y"] = new("y", ElementType.Float32, [2]);

        Assert.Null(ModelStatistics.Of(graph).Macs);
    }

    private static ModelGraph Product(string operation, long[] weight)
    {
        var graph = new ModelGraph();
        graph.Inputs.Add(new("x", ElementType.Float32, [Dimension.Named("batch"), 4]));
        graph.Outputs.Add(new("y", ElementType.Float32, null));
        graph.Add(new("w", TensorData.Create<float>(new float[TensorData.CountOf(weight)], weight), trainable: true));
        graph.Nodes.Add(new(operation, ["x", "w"], ["y"]));
        return graph;
    }
}
