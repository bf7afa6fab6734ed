using DistillSharp.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

public sealed class SgdOptimizerTests
{
    [Theory]
    [InlineData(0.0, false, 0.0)]
    [InlineData(0.9, false, 0.0)]
    [InlineData(0.9, true, 0.0)]
    [InlineData(0.0, false, 0.01)]
    [InlineData(0.9, false, 0.01)]
    [InlineData(0.5, true, 0.01)]
    public void The_steps_are_pytorchs_where_all_decays(double momentum, bool nesterov, double decay)
    {
        using var ours = new SgdOptimizer(new() { LearningRate = 0.1, Momentum = momentum, Nesterov = nesterov, WeightDecay = decay, DecayAll = true });

        OptimizerProblem.Agrees(ours, (matrix, bias) => optim.SGD([matrix, bias], 0.1, momentum, 0, decay, nesterov), 0.1);
    }

    [Theory]
    [InlineData(0.0, false)]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    public void By_default_matrices_alone_decay(double momentum, bool nesterov)
    {
        using var ours = new SgdOptimizer(new() { LearningRate = 0.1, Momentum = momentum, Nesterov = nesterov, WeightDecay = 0.05 });

        OptimizerProblem.Agrees(
            ours,
            (matrix, bias) => optim.SGD([new SGD.ParamGroup([matrix], 0.1, momentum, 0, 0.05, nesterov), new SGD.ParamGroup([bias], 0.1, momentum, 0, 0, nesterov)], 0.1),
            0.1);
    }

    [Fact]
    public void The_defaults_are_those_documented() =>
        Assert.Equal((0.05, 0.9, false, 5e-4, false), new SgdOptions() is var o ? (o.LearningRate, o.Momentum, o.Nesterov, o.WeightDecay, o.DecayAll) : default);

    [Fact]
    public void Options_out_of_bounds_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SgdOptions { LearningRate = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SgdOptions { LearningRate = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SgdOptions { Momentum = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SgdOptions { Momentum = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SgdOptions { WeightDecay = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SgdOptions { WeightDecay = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SgdOptions { WeightDecay = double.PositiveInfinity });
    }
}
