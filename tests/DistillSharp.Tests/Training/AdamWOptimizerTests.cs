using DistillSharp.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

public sealed class AdamWOptimizerTests
{
    [Theory]
    [InlineData(0.9, 0.999, 1e-8, 0.0)]
    [InlineData(0.9, 0.999, 1e-8, 0.1)]
    [InlineData(0.5, 0.9, 1e-3, 0.1)]
    [InlineData(0.0, 0.0, 1e-8, 0.1)]
    public void The_steps_are_pytorchs_where_all_decays(double beta1, double beta2, double epsilon, double decay)
    {
        using var ours = new AdamWOptimizer(new() { LearningRate = 0.01, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = decay, DecayAll = true });

        OptimizerProblem.Agrees(ours, (matrix, bias) => optim.AdamW([matrix, bias], 0.01, beta1, beta2, epsilon, decay), 0.01);
    }

    [Fact]
    public void By_default_matrices_alone_decay()
    {
        using var ours = new AdamWOptimizer(new() { LearningRate = 0.01, WeightDecay = 0.2 });

        OptimizerProblem.Agrees(
            ours,
            (matrix, bias) => optim.AdamW([new AdamW.ParamGroup([matrix], 0.01, 0.9, 0.999, 1e-8, 0.2), new AdamW.ParamGroup([bias], 0.01, 0.9, 0.999, 1e-8, 0)], 0.01),
            0.01);
    }

    [Fact]
    public void Options_out_of_bounds_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamWOptions { LearningRate = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamWOptions { Beta1 = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamWOptions { Beta2 = -0.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamWOptions { Epsilon = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamWOptions { Epsilon = double.PositiveInfinity });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamWOptions { WeightDecay = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamWOptions { WeightDecay = double.PositiveInfinity });
    }
}
