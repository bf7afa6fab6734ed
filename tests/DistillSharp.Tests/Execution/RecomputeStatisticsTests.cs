using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution;

public sealed class RecomputeStatisticsTests
{
    [Fact]
    public void Statistics_are_the_means_over_the_batches_whatever_they_were_before()
    {
        using var scope = NewDisposeScope();
        using var executor = new GraphExecutor(Norm(), new() { Precision = ElementType.Float64 });
        Tensor[] batches = [Batch(1, 4), Batch(2, 6), Batch(3, 4)];
        Fill(executor, 7);
        executor.RecomputeStatistics(batches.Select(batch => batch.alias()));

        // The first half of the buffer holds the means, the second the unbiased variances.
        Tensor means = stack(batches.Select(batch => batch.mean([0, 2, 3]))).mean([0L]), variances = stack(batches.Select(batch => batch.permute(1, 0, 2, 3).reshape(2, -1).var(1))).mean([0L]);
        double[] expected = [.. means.data<double>(), .. variances.data<double>()], actual = [.. executor.Statistics.Values.data<double>()];
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-12);
        }

        // Afterwards each norm moves by its own share again.
        using var _ = executor.Train(batches[0], 0);
        Assert.Equal((0.9 * expected[0]) + (0.1 * batches[0].mean([0, 2, 3])[0].ToDouble()), executor.Statistics.Values[0].ToDouble(), 1e-12);
    }

    [Fact]
    public void Without_a_batch_they_stay()
    {
        using var executor = new GraphExecutor(Norm());
        Fill(executor, 7);
        executor.RecomputeStatistics([]);

        Assert.All(executor.Statistics.Values.data<float>().ToArray(), value => Assert.Equal(7, value));
    }

    private static void Fill(GraphExecutor executor, double value)
    {
        using var guard = no_grad();
        executor.Statistics.Values.fill_(Number.Of(value));
    }

    private static Tensor Batch(ulong seed, long count)
    {
        using var generator = new Generator(seed);
        return randn([count, 2, 3, 3], ScalarType.Float64, generator: generator).mul(Number.Of((double)seed));
    }

    private static ModelGraph Norm()
    {
        var b = new GraphBuilder("norm");
        string x = b.Input("x", Dimension.Named(GraphBuilder.BatchSymbol), 2, 3, 3);
        return b.Build(b.BatchNorm("bn", x));
    }
}
