using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Plugins;
using DistillSharp.Runtime;
using DistillSharp.TestKit.Numerics;
using DistillSharp.Tests.Execution.Operators;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution;

public sealed class GraphExecutorTests
{
    [Theory]
    [InlineData("resnet8")]
    [InlineData("wrn-16-1")]
    [InlineData("shufflenet-v1")]
    public void Every_value_between_can_be_wanted_and_is_the_sessions(string key)
    {
        var graph = Model(key, side: 16);
        string[] taps = [.. graph.Nodes.SelectMany(node => node.Outputs)];
        var tapped = graph.Clone();
        tapped.Outputs.Clear();
        foreach (string tap in taps)
        {
            tapped.Outputs.Add(new(tap, ElementType.Float32, null));
        }

        using var session = ModelSession.Open(OnnxFile.Serialize(tapped), new() { Threads = 1 });
        using var executor = new GraphExecutor(graph, new() { Wanted = taps });
        using var input = Noise(2, 3, 16);
        using var outputs = executor.Evaluate(input);

        float[] pixels = [.. input.data<float>()];
        Assert.Equal(taps, outputs.Names);
        foreach (string tap in taps)
        {
            using var whole = outputs[tap].contiguous();
            double error = CentralDifferences.RelativeError([.. whole.data<float>().Select(value => (double)value)], [.. session.Run(pixels, [2, 3, 16, 16], tap).Values.Select(value => (double)value)]);
            Assert.True(error < 1e-4, $"'{tap}' differs from the session's by {error}");
        }
    }

    [Fact]
    public void Wanting_values_between_changes_neither_outputs_nor_gradients()
    {
        var graph = Model("resnet8", side: 16);
        using var plain = new GraphExecutor(graph, new() { Precision = ElementType.Float64 });
        using var tapped = new GraphExecutor(graph, new() { Precision = ElementType.Float64, Wanted = ["logits", .. graph.Nodes.SelectMany(node => node.Outputs).Where(name => name != "logits")] });
        using var input = Noise(2, 3, 16).to(ScalarType.Float64);

        Assert.Equal(Backward(plain, input), Backward(tapped, input));
        Assert.Equal(plain.Gradients.data<double>(), tapped.Gradients.data<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void An_input_and_a_value_named_twice_can_be_wanted()
    {
        using var executor = new GraphExecutor(new OneNode("Relu", 2).Graph, new() { Wanted = ["y0", "x", "y0"] });
        using var x = torch.tensor(new[] { -1f, 2f });

        using var outputs = executor.Evaluate(x);

        Assert.Equal([-1f, 2f], outputs["x"].data<float>());
        Assert.Equal([0f, 2f], outputs["y0"].data<float>());
    }

    [Fact]
    public void Gradients_add_up_until_they_are_zeroed()
    {
        using var executor = new GraphExecutor(Model("resnet8", side: 8), new() { Precision = ElementType.Float64 });
        using var input = Noise(2, 3, 8).to(ScalarType.Float64);
        Backward(executor, input);
        double[] once = [.. executor.Gradients.data<double>()];

        using (var outputs = executor.Train(input, 0))
        using (var loss = outputs["logits"].square().sum())
        {
            loss.backward();
        }

        Assert.Contains(once, value => value != 0);
        Assert.Equal(once.Select(value => 2 * value), executor.Gradients.data<double>(), (a, b) => Math.Abs(a - b) <= 1e-9 * Math.Max(1, Math.Abs(a)));
        executor.ZeroGradients();
        Assert.All(executor.Gradients.data<double>(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Evaluation_records_no_gradients_and_repeats_itself()
    {
        using var executor = new GraphExecutor(PluginCatalogs.BuiltIn.Models.Build("wrn-16-1", new Graph.Zoo.WideResNetOptions { Dropout = 0.5, Height = 8, Width = 8 }));
        using var input = Noise(2, 3, 8);
        using var first = executor.Evaluate(input);
        using var second = executor.Evaluate(input);

        Assert.False(first["logits"].requires_grad);
        Assert.Equal(first["logits"].data<float>(), second["logits"].data<float>());
    }

    [Fact]
    public void The_graph_given_is_copied_and_weights_come_back_by_name()
    {
        var graph = Model("mlp", side: 4);
        float[] before = graph.FindInitializer("fc1.weight")!.Data.AsSpan<float>().ToArray();
        using var executor = new GraphExecutor(graph);
        using (no_grad())
        {
            executor.Weights.Values.add_(1);
        }

        Assert.Equal(before, graph.FindInitializer("fc1.weight")!.Data.AsSpan<float>().ToArray());
        executor.WriteTo(graph);
        Assert.Equal(before.Select(value => value + 1), graph.FindInitializer("fc1.weight")!.Data.AsSpan<float>().ToArray());
    }

    [Fact]
    public void A_value_that_nothing_makes_cannot_be_wanted()
    {
        var error = Assert.Throws<GraphException>(() => new GraphExecutor(Model("mlp", side: 4), new() { Wanted = ["layer9"] }));
        Assert.Contains("no value named 'layer9'. Its outputs are 'logits'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_of_another_precision_is_refused_with_both()
    {
        using var executor = new GraphExecutor(Model("mlp", side: 4));
        using var input = Noise(1, 3, 4).to(ScalarType.Float64);

        var error = Assert.Throws<ArgumentException>(() => executor.Evaluate(input));
        Assert.Contains("computes in Float32, but the input holds Float64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_of_two_inputs_is_refused_by_their_names()
    {
        var graph = new OneNode("Relu", 2).Graph;
        graph.Inputs.Add(new("second", ElementType.Float32, [2]));
        using var executor = new GraphExecutor(graph);
        using var x = ones(2);

        var error = Assert.Throws<ArgumentException>(() => executor.Evaluate(x));
        Assert.Contains("2 inputs (x, second)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_reported_with_node_and_shapes()
    {
        using var executor = new GraphExecutor(new OneNode("MatMul", 3, 4).Weight(4, 5).Graph);
        using var x = ones(3, 7);

        var error = Assert.Throws<GraphException>(() => executor.Evaluate(x));
        Assert.Contains("MatMul 'the node' failed on 'x' [3, 7], 'c1' [4, 5]", error.Message, StringComparison.Ordinal);
    }

    internal static ModelGraph Model(string key, int side)
    {
        var entry = PluginCatalogs.BuiltIn.Models.Find(key);
        var options = (Graph.Zoo.ModelOptions)Activator.CreateInstance(entry.OptionsType)!;
        var graph = PluginCatalogs.BuiltIn.Models.Build(key, options with { Height = side, Width = side });
        WeightInitializer.Draw(graph, seed: 1);
        return graph;
    }

    internal static Tensor Noise(int count, int channels, int side)
    {
        using var generator = new Generator(11);
        return randn([count, channels, side, side], generator: generator);
    }

    private static double Backward(GraphExecutor executor, Tensor input)
    {
        executor.ZeroGradients();
        using var outputs = executor.Train(input, step: 0);
        using var loss = outputs["logits"].square().sum();
        loss.backward();
        return loss.ToDouble();
    }
}
