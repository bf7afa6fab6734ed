using DistillSharp.Detection.Training;
using DistillSharp.Training;

namespace DistillSharp.Tests.Detection.Training;

public sealed class DetectionPlanTests
{
    [Fact]
    public void Short_runs_take_AdamW_at_a_rate_that_falls_with_the_classes()
    {
        var plan = DetectionPlan.Of(new() { Epochs = 5 }, classes: 80, pictures: 4);

        var adam = Assert.IsType<AdamWOptions>(plan.Optimizer.Options);
        Assert.Equal((0.000119, 0.9, 0.0005), (adam.LearningRate, adam.Beta1, adam.WeightDecay));
        Assert.Equal(0, plan.WarmupBiasRate);
    }

    [Fact]
    public void Fresh_weights_take_larger_steps_and_a_rate_that_is_said_is_kept()
    {
        Assert.Equal(0.001, Assert.IsType<AdamWOptions>(DetectionPlan.Of(new() { Epochs = 5 }, 80, 4, fresh: true).Optimizer.Options).LearningRate);
        Assert.Equal(0.01, Assert.IsType<SgdOptions>(DetectionPlan.Of(new() { Epochs = 6 }, 80, 118_287, fresh: true).Optimizer.Options).LearningRate);
        Assert.Equal(0.003, Assert.IsType<AdamWOptions>(DetectionPlan.Of(new() { Optimizer = "adamw", LearningRate = 0.003 }, 80, 4, fresh: true).Optimizer.Options).LearningRate);
    }

    [Fact]
    public void Long_runs_take_SGD()
    {
        // 118,287 pictures make 1,849 steps of 64: six epochs pass ten thousand, five do not.
        Assert.IsType<AdamWOptions>(DetectionPlan.Of(new() { Epochs = 5 }, 80, 118_287).Optimizer.Options);
        var sgd = Assert.IsType<SgdOptions>(DetectionPlan.Of(new() { Epochs = 6 }, 80, 118_287).Optimizer.Options);
        Assert.Equal((0.01, 0.9, true), (sgd.LearningRate, sgd.Momentum, sgd.Nesterov));
    }

    [Theory]
    [InlineData(16, 0.0005)]
    [InlineData(64, 0.0005)]
    [InlineData(128, 0.001)]
    [InlineData(24, 0.0005625)]
    public void The_decay_is_meant_for_what_one_step_takes_in(int batch, double decay) =>
        Assert.Equal(decay, Assert.IsType<SgdOptions>(DetectionPlan.Of(new() { Batch = batch, Optimizer = "sgd" }, 2, 10).Optimizer.Options).WeightDecay, 1e-12);

    [Fact]
    public void What_is_said_is_taken()
    {
        var plan = DetectionPlan.Of(new() { Optimizer = "sgd", LearningRate = 0.02, Momentum = 0.95, Cosine = true, FinalFactor = 0.1, WarmupBiasRate = 0.05, Freeze = 2 }, 2, 10);

        var sgd = Assert.IsType<SgdOptions>(plan.Optimizer.Options);
        Assert.Equal((0.02, 0.95), (sgd.LearningRate, sgd.Momentum));
        Assert.Equal(new CosineScheduleOptions { FinalFactor = 0.1 }, plan.Schedule.Options);
        Assert.Equal((0.05, 0.8, 100), (plan.WarmupBiasRate, plan.WarmupMomentum, plan.WarmupSteps));
        Assert.Equal(["model.0", "model.1"], plan.Freeze);
    }
}
