using DistillSharp.Execution;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Conformance.Tests;

/// <summary>What holds for every optimiser and schedule of the catalogues.</summary>
[Collection(Alone.Name)]
public sealed class OptimizerConformanceTests
{
    public static TheoryData<string> Optimizers => [.. PluginCatalogs.BuiltIn.Optimizers.All.Select(optimizer => optimizer.Key)];

    public static TheoryData<string> Schedules => [.. PluginCatalogs.BuiltIn.Schedules.All.Select(schedule => schedule.Key)];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Ten_steps_lower_the_loss_and_leave_no_tensor_but_the_state(string key)
    {
        var graph = Mlp.Create(new() { Widths = [8], Classes = 3, Height = 4, Width = 4 });
        WeightInitializer.Draw(graph, seed: 1);
        using var generator = new Generator(1);
        using var input = randn([6, 3, 4, 4], generator: generator);
        using var labels = torch.tensor(new long[] { 0, 1, 2, 0, 1, 2 });
        using var executor = new GraphExecutor(graph);
        long before = Tensor.TotalCount;
        using (var optimizer = PluginCatalogs.BuiltIn.Optimizers.Create(new PluginChoice<Optimizer>(key)))
        {
            double first = Step(executor, optimizer, input, labels, 0), last = first;
            long running = Tensor.TotalCount;
            for (int step = 1; step < 10; step++)
            {
                last = Step(executor, optimizer, input, labels, step);
                Assert.Equal(running, Tensor.TotalCount);
            }

            Assert.True(last < first, $"{key}: {first} became {last}");
            Assert.Equal(before + optimizer.State.Count, Tensor.TotalCount);
            Assert.All(optimizer.State.Values, state => Assert.Equal(executor.Weights.Values.shape, state.shape));
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void The_factor_is_from_0_to_1_all_the_way(string key)
    {
        var schedule = PluginCatalogs.BuiltIn.Schedules.Create(new PluginChoice<Schedule>(key));
        double[] factors = [.. Enumerable.Range(0, 1000).Select(i => schedule.FactorAt(i / 1000.0, i / 4))];

        Assert.All(factors, factor => Assert.InRange(factor, 0, 1));
        Assert.Contains(factors, factor => factor > 0.99);
    }

    private static double Step(GraphExecutor executor, Optimizer optimizer, Tensor input, Tensor labels, long step)
    {
        executor.ZeroGradients();
        using var outputs = executor.Train(input, step);
        using var loss = nn.functional.cross_entropy(outputs["logits"], labels);
        loss.backward();
        optimizer.Step(executor.Weights, executor.Gradients, 1, step);
        return loss.ToDouble();
    }
}
