using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Passes.Opsets;
using DistillSharp.Graph.Quantization;

namespace DistillSharp.Graph.Tests.Passes;

/// <summary>What damaged files once brought passes to, one graph each: they are refused by name, left alone, or borne.</summary>
public sealed class DamagedGraphTests
{
    [Fact]
    public void An_input_that_is_declared_among_the_values_too_is_one_value()
    {
        // Exporters do so; the file is sound.
        var graph = Graph("Relu", ["x"]);
        graph.KnownValues["x"] = graph.Inputs[0];

        Assert.Contains(new Float16Pass(new()).Apply(graph).Graph.Nodes, node => node.Operation == "Cast");
    }

    [Fact]
    public void A_constant_output_that_nobody_wants_is_not_worked_out()
    {
        var graph = new ModelGraph { Name = "halves", Opset = 18 };
        graph.Inputs.Add(new("x", ElementType.Int64, [2]));
        graph.Add(new("four", TensorData.Create<long>([1, 2, 3, 4], 4), trainable: false));
        graph.Nodes.Add(new("Split", ["four"], ["", "second"], "split"));
        graph.Nodes[0].Attributes["num_outputs"] = new IntValue(2);
        graph.Nodes.Add(new("Add", ["x", "second"], ["y"], "sum"));
        graph.Outputs.Add(new("y", ElementType.Int64, [2]));

        var folded = ConstantFoldingPass.Default.Apply(graph).Graph;

        Assert.Equal("Add", Assert.Single(folded.Nodes).Operation);
        Assert.Equal([3L, 4], folded.FindInitializer("second")!.Data.AsSpan<long>().ToArray());
    }

    [Theory]
    [InlineData(1L << 40)]
    [InlineData(2_000_000L)]
    public void Channels_beyond_all_bounds_get_no_normalisation(long channels)
    {
        var graph = Graph("Conv", ["x", "w"]);
        graph.Inputs.Add(new("w", ElementType.Float32, [channels, 3, 1, 1]));
        graph.Nodes.Add(new("Relu", ["y"], ["z"], "after"));
        graph.Outputs[0] = new("z", ElementType.Undefined, null);

        var changes = new InsertBatchNormPass(new()).Apply(graph).Changes[0];

        Assert.Equal("Conv 'it' has none put behind it: its channels are not known, or are more than 1048576.", Assert.Single(changes.Notes));
    }

    [Fact]
    public void An_output_that_is_an_input_has_its_batch_freed()
    {
        var graph = Graph("Relu", ["x"]);
        graph.Outputs.Add(new("x", ElementType.Float32, null));

        Assert.Equal("x: Float32 [batch, 3, 4, 4]", new DynamicBatchPass(new() { Symbol = "batch" }).Apply(graph).Graph.Outputs[1].ToString());
    }

    [Fact]
    public void A_node_of_a_later_set_without_its_inputs_is_refused()
    {
        var graph = Graph("Resize", ["x"]);
        graph.Opset = 9;

        Assert.Equal("Resize 'it' lacks inputs that its operator requires in operator set 10, so it cannot be written for 11.", Assert.Throws<GraphException>(() => new UpgradeOpsetPass(new() { Target = 13 }).Apply(graph)).Message);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(5, 1)]
    public void Scales_that_do_not_fit_their_integers_are_left_alone(int scales, int zeros)
    {
        var graph = Graph("DequantizeLinear", ["w", "s", "z"]);
        graph.Add(new("w", TensorData.Create<sbyte>(new sbyte[8], 2, 4), trainable: false));
        graph.Add(new("s", TensorData.Create<float>(new float[scales], scales), trainable: false));
        graph.Add(new("z", TensorData.Create<sbyte>(new sbyte[zeros], zeros), trainable: false));

        var result = new LiftQuantizedPass().Apply(graph);

        Assert.Equal("DequantizeLinear 'it' stays: its scales and zero points do not fit its integers, or are computed.", Assert.Single(result.Changes[0].Notes));
        Assert.Single(result.Graph.Nodes);
    }

    [Theory]
    [InlineData(new long[] { 4 }, 1, "its weight is [4], which no Conv takes")]
    [InlineData(new long[] { 4, 0, 1, 1 }, 1, "its weight is [4, 0, 1, 1], which no Conv takes")]
    [InlineData(new long[] { 4, 3, 1, 1 }, 0, "its 4 channels do not fall into 0 groups")]
    [InlineData(new long[] { 4, 3, 1, 1 }, 3, "its 4 channels do not fall into 3 groups")]
    public void A_weight_that_its_operator_does_not_take_stays_in_float(long[] shape, long group, string why)
    {
        var graph = Graph("Conv", ["x", "w"]);
        graph.Nodes[0].Attributes["group"] = new IntValue(group);
        graph.Add(new("w", TensorData.Create<float>(new float[shape.Aggregate((product, size) => product * size)], shape), trainable: true));

        new EqualizePass().Apply(graph);
        Assert.Equal($"There is nothing to quantise: Conv 'it' stays in float: {why}.", Assert.Throws<GraphException>(() => QuantizationPlan.Of(graph, new())).Message);
    }

    private static ModelGraph Graph(string operation, string[] inputs)
    {
        var graph = new ModelGraph { Name = "damaged" };
        graph.Inputs.Add(new("x", ElementType.Float32, [1, 3, 4, 4]));
        graph.Nodes.Add(new(operation, inputs, ["y"], "it"));
        graph.Outputs.Add(new("y", ElementType.Undefined, null));
        return graph;
    }
}
