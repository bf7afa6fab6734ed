using DistillSharp.Graph;
using DistillSharp.Graph.Format;

namespace DistillSharp.Runtime.Tests;

public sealed class BoundSessionTests
{
    [Fact]
    public void It_computes_what_the_graph_says_again_and_again()
    {
        using var session = SmallModel.Session();
        using var bound = session.Bind([2, 1, 2, 2]);

        new float[] { 1, 2, 3, 4, 0, 0, 0, -1 }.CopyTo(bound.Input);
        Assert.Equal([-10f, 10f, 1f, -1f], bound.Run());
        Assert.Equal([2L, 2L], bound.OutputShape);
        bound.Input.Clear();
        bound.Input[4] = 5;
        Assert.Equal([0f, 0f, -5f, 5f], bound.Run());
        Assert.Equal([0f, 0f, -5f, 5f], bound.Output);
    }

    [Fact]
    public void An_output_whose_shape_the_file_leaves_open_is_bound_too()
    {
        var graph = SmallModel.Graph(null);
        graph.Nodes.Clear();
        graph.Nodes.Add(new GraphNode("Identity", ["input"], ["logits"]));
        graph.Outputs[0] = new("logits", ElementType.Float32, null);
        graph.KnownValues.Clear();
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });
        using var bound = session.Bind([3, 1, 2, 2]);
        bound.Input.Fill(7);

        Assert.Equal([3L, 1L, 2L, 2L], bound.OutputShape);
        Assert.Equal(Enumerable.Repeat(7f, 12), bound.Run().ToArray());
    }

    [Fact]
    public void Two_bound_to_one_session_do_not_disturb_each_other()
    {
        using var session = SmallModel.Session();
        using var one = session.Bind([1, 1, 2, 2]);
        using var two = session.Bind([1, 1, 2, 2]);
        one.Input.Fill(1);
        two.Input.Fill(2);
        one.Run();
        two.Run();

        Assert.Equal((4f, 8f), (one.Output[1], two.Output[1]));
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_refused()
    {
        using var session = SmallModel.Session();

        var error = Assert.Throws<GraphException>(() =>
        {
            using var bound = session.Bind([1, 1, 3, 2]);
            bound.Run();
        });
        Assert.Contains("cannot be run by ONNX Runtime", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_of_whole_numbers_is_refused_by_name()
    {
        var graph = SmallModel.Graph(null);
        graph.Nodes.Clear();
        graph.Nodes.Add(new GraphNode("Shape", ["input"], ["logits"]));
        graph.Outputs[0] = new("logits", ElementType.Int64, null);
        graph.KnownValues.Clear();
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });

        Assert.Contains("'logits' holds Int64", Assert.Throws<GraphException>(() => session.Bind([1, 1, 2, 2])).Message, StringComparison.Ordinal);
    }
}
