using DistillSharp.Execution;
using DistillSharp.Execution.Patterns;
using DistillSharp.Graph;
using DistillSharp.TestKit.Handwritten;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution.Patterns;

public sealed class SiluPatternTests
{
    [Theory]
    [InlineData("x,s")]
    [InlineData("s,x")]
    public void One_kernel_takes_the_place_of_sigmoid_and_product(string factors)
    {
        var graph = Of(factors);

        Assert.Equal(["Silu"], Operations(graph, "y"));

        // At 1: the sigmoid is 1 / (1 + 1/e) = 0.7310585786, the slope 0.7310585786 (1 + 1 - 0.7310585786).
        using var executor = new GraphExecutor(graph, new() { Precision = ElementType.Float64 });
        using var x = tensor(new[] { 1.0, 0.0 }, requires_grad: true);
        using var values = executor.Train(x, step: 0);
        using var sum = values["y"].sum();
        sum.backward();
        Assert.Equal(0.7310585786300049, values["y"].data<double>()[0], 12);
        Assert.Equal(0.0, values["y"].data<double>()[1]);
        Assert.Equal(0.9276705118714869, x.grad!.data<double>()[0], 12);
        Assert.Equal(0.5, x.grad.data<double>()[1], 12);
    }

    [Fact]
    public void A_sigmoid_that_is_wanted_is_made()
    {
        var graph = Of("x,s");

        Assert.Equal(["Sigmoid", "Mul"], Operations(graph, "y", "s"));
        using var executor = new GraphExecutor(graph, new() { Wanted = ["s", "y"] });
        using var x = tensor(new[] { 1f, 0f });
        using var values = executor.Evaluate(x);
        Assert.Equal(0.5f, values["s"].data<float>()[1]);
    }

    [Fact]
    public void A_sigmoid_that_something_else_reads_is_made()
    {
        var graph = Of("x,s");
        graph.Nodes.Add(new("Neg", ["s"], ["z"]));
        graph.Outputs.Add(new("z", ElementType.Float32, null));

        Assert.Equal(["Sigmoid", "Mul", "Neg"], Operations(graph, "y", "z"));
    }

    [Fact]
    public void The_sigmoid_of_something_else_is_a_gate_and_stays()
    {
        var graph = new Sketch().Input("x", 2).Node("Neg", "x", "n").Node("Sigmoid", "n", "s").Node("Mul", "x,s", "y").Output("y").Graph;

        Assert.Equal(["Neg", "Sigmoid", "Mul"], Operations(graph, "y"));
        Assert.Equal(["Sigmoid", "Mul"], Operations(new Sketch().Input("x", 2).Node("Sigmoid", "x", "s").Node("Mul", "s,s", "y").Output("y").Graph, "y"));
    }

    [Fact]
    public void A_residual_sum_may_write_over_it_and_the_gradient_is_still_right()
    {
        // y = x + silu(2x): at 0.5 the slope is 1 + 2 · 0.9276705118714869.
        var graph = new Sketch().Input("x", 1).Floats("two", [1], 2).Node("Mul", "x,two", "d").Node("Sigmoid", "d", "s").Node("Mul", "d,s", "z").Node("Add", "x,z", "y").Output("y").Graph;
        using var executor = new GraphExecutor(graph, new() { Precision = ElementType.Float64 });
        using var x = tensor(new[] { 0.5 }, requires_grad: true);
        using var values = executor.Train(x, step: 0);
        values["y"].backward();

        Assert.Equal(0.5 + 0.7310585786300049, values["y"].data<double>()[0], 12);
        Assert.Equal(1 + (2 * 0.9276705118714869), x.grad!.data<double>()[0], 12);
        Assert.Equal(0.5, x.data<double>()[0]);
    }

    internal static IEnumerable<string> Operations(ModelGraph graph, params string[] wanted) => KnownPatterns.Apply(graph, [.. graph.Nodes], wanted).Select(one => one.Node.Operation);

    private static ModelGraph Of(string factors) => new Sketch().Input("x", 2).Node("Sigmoid", "x", "s").Node("Mul", factors, "y").Output("y").Graph;
}
