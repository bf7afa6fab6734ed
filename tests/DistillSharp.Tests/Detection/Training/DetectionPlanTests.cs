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
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(10, 3)]
    [InlineData(29, 9)]
    [InlineData(30, 10)]
    [InlineData(31, 10)]
    [InlineData(100, 10)]
    public void The_last_third_closes_the_mosaic_and_at_most_ten_epochs(int epochs, int closing)
    {
        var training = new DetectionTrainingOptions { Epochs = epochs };

        Assert.Equal(closing, training.Augmentation.ClosingEpochs(epochs));
        Assert.Null(DetectionPlan.Warning(training));
        Assert.Equal(epochs - closing, DetectionTask.Loading(new() { Name = "", Graph = new(), Card = null!, Dataset = null!, Detection = training }).CloseMosaicFromEpoch);
    }

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(10, 40, true)]
    [InlineData(10, 9, false)]
    [InlineData(10, 0, false)]
    public void A_number_that_was_given_is_kept_and_warned_of_where_it_leaves_no_mosaic(int epochs, int given, bool warned)
    {
        var training = new DetectionTrainingOptions { Epochs = epochs, Augmentation = new() { CloseMosaic = given } };

        Assert.Equal(given, training.Augmentation.ClosingEpochs(epochs));
        Assert.Equal(warned ? $"training.augmentation.close-mosaic is {given} and the run has 10 epochs, so no epoch trains on mosaics. Use a smaller number, or leave it out for 3" : null, DetectionPlan.Warning(training));
        Assert.Null(DetectionPlan.Warning(training with { Augment = false }));
        Assert.Null(DetectionPlan.Warning(training with { Augmentation = training.Augmentation with { Mosaic = 0 } }));
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
