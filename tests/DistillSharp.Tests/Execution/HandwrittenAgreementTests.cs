using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Plugins;
using DistillSharp.TestKit.Handwritten;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution;

/// <summary>The executor against the same network written by hand: the decision everything stands on.</summary>
public sealed class HandwrittenAgreementTests
{
    private const int Batch = 64;

    [Theory]
    [InlineData("resnet20")]
    [InlineData("resnet8x4")]
    public void Three_steps_in_float64_agree_to_1e_9(string key)
    {
        NativeTorch.EnsureLoaded();
        var graph = PluginCatalogs.BuiltIn.Models.Build(key, new() { Classes = 10 });
        WeightInitializer.Draw(graph, seed: 1);
        using var executor = new GraphExecutor(graph, new() { Precision = ElementType.Float64 });
        using var ours = new SgdOptimizer(new() { LearningRate = 0.1, Momentum = 0.9, WeightDecay = 0 });
        using var hand = HandResNet.Create(key, 10);
        hand.to(ScalarType.Float64);
        Load(hand, graph);
        using var theirs = optim.SGD(hand.parameters(), 0.1, momentum: 0.9);
        using var generator = new Generator(7);

        for (int step = 0; step < 3; step++)
        {
            using var input = randn([Batch, 3, 32, 32], ScalarType.Float64, generator: generator);
            using var labels = randint(10, [Batch], ScalarType.Int64, generator: generator);

            using var outputs = executor.Train(input, step);
            using var loss = nn.functional.cross_entropy(outputs["logits"], labels);
            executor.ZeroGradients();
            loss.backward();

            using var gradients = executor.Gradients.clone();
            ours.Step(executor.Weights, executor.Gradients, 1, step);
            using var scope = NewDisposeScope();
            theirs.zero_grad();
            var expected = nn.functional.cross_entropy(hand.forward(input), labels);
            expected.backward();

            Assert.Equal(expected.ToDouble(), loss.ToDouble(), 1e-9);
            Agree(executor.Weights, gradients, hand.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!));
            theirs.step();
            Agree(executor.Statistics, executor.Statistics.Values, hand.named_buffers().Where(b => !b.name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToDictionary(b => b.name, b => b.buffer));
            Agree(executor.Weights, executor.Weights.Values, hand.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter));
        }
    }

    private static void Load(HandResNet hand, ModelGraph graph)
    {
        using var guard = no_grad();
        var tensors = hand.named_parameters().Select(p => (p.name, tensor: (Tensor)p.parameter)).Concat(hand.named_buffers().Select(b => (b.name, tensor: b.buffer)));
        foreach (var (name, tensor) in tensors.Where(pair => !pair.name.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
        {
            var data = graph.FindInitializer(name)?.Data ?? throw new InvalidOperationException($"The graph has no '{name}'.");
            using var values = torch.tensor(data.AsSpan<float>().ToArray(), [.. data.Shape], ScalarType.Float64);
            tensor.copy_(values);
        }
    }

    private static void Agree(FlatBuffer buffer, Tensor values, Dictionary<string, Tensor> expected)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), buffer.Parameters.Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach (var parameter in buffer.Parameters)
        {
            using var scope = NewDisposeScope();
            double difference = (FlatBuffer.View(values, parameter) - expected[parameter.Name]).abs().max().ToDouble();
            double size = expected[parameter.Name].abs().max().ToDouble();
            Assert.True(difference <= 1e-9 * Math.Max(1, size), $"{parameter.Name} differs by {difference} of {size}");
        }
    }
}
