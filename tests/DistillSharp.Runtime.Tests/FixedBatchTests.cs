using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests;

/// <summary>Files for one batch size, and files of float16, are run with any batch of float32.</summary>
public sealed class FixedBatchTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 5)]
    [InlineData(4, 3)]
    [InlineData(3, 3)]
    public void Pieces_put_together_are_what_each_sample_gets_alone(int piece, int batch)
    {
        // y = (x1 + 10 x2, x2): told by hand for each row.
        var graph = new TestGraph().Input("x", piece, 2).Constant("w", TensorData.Create<float>([1, 0, 10, 1], 2, 2)).Node("MatMul", ["x", "w"], ["y"]).Output("y", shape: [piece, 2]).Graph;
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });
        float[] input = [.. Enumerable.Range(0, 2 * batch).Select(i => (float)i)];

        var (values, shape) = session.Run(input, [batch, 2]);

        Assert.Equal(piece, session.FixedBatchSize);
        Assert.Equal([batch, 2L], shape);
        Assert.Equal(Enumerable.Range(0, batch).SelectMany(i => new float[] { (2 * i) + (10 * ((2 * i) + 1)), (2 * i) + 1 }), values);
    }

    [Fact]
    public void Answers_that_are_not_one_row_a_sample_are_refused()
    {
        var graph = new TestGraph().Input("x", 2, 2).Longs("all", 4).Node("Reshape", ["x", "all"], ["y"]).Output("y", shape: [4]).Graph;
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });

        Assert.Contains("--dynamic-batch", Assert.Throws<GraphException>(() => session.Run(new float[6], [3, 2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Float16_inputs_and_outputs_are_fed_and_read_as_float32()
    {
        var graph = new TestGraph().Input("x", Dimension.Named("n"), 2).Constant("w", TensorData.Create<float>([1, 0, 10, 1], 2, 2)).Node("MatMul", ["x", "w"], ["y"]).Output("y", shape: [Dimension.Named("n"), 2]).Graph;
        using var session = ModelSession.Open(OnnxFile.Serialize(new Float16Pass(new() { KeepInputsAndOutputs = false }).Apply(graph).Graph), new() { Threads = 1 });

        Assert.Equal([21f, 2f, 43f, 4f], session.Run(new float[] { 1, 2, 3, 4 }, [2, 2]).Values);
    }
}
