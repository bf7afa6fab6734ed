using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

public sealed class TrainingPaceTests
{
    [Fact]
    public void Weights_rise_and_biases_come_down_to_the_rate_while_the_momentum_grows()
    {
        var pace = Pace(new() { Epochs = 10, Batch = 16, WarmupEpochs = 1, WarmupBiasRate = 0.1, WarmupMomentum = 0.8 }, batches: 4);

        var first = pace.At(0, 0, 0.01, 0.937);
        Assert.Equal((0.0025, 0L), (first.LearningRate, first.Number));
        Assert.Equal(0.1 + (0.25 * (0.01 - 0.1)), first.BiasLearningRate!.Value, 1e-15);
        Assert.Equal(0.8 + (0.25 * 0.137), first.Momentum!.Value, 1e-15);
        var last = pace.At(3, 3, 0.01, 0.937);
        Assert.Equal((0.01, 0.937), (last.LearningRate, last.Momentum!.Value));
        Assert.Equal(0.01, last.BiasLearningRate!.Value, 1e-15);
        Assert.Equal(new OptimizerStep(0.01, 4), pace.At(4, 4, 0.01, 0.937));
    }

    [Fact]
    public void A_short_run_still_has_its_fewest_steps_of_warm_up()
    {
        var pace = Pace(new() { Epochs = 10, Batch = 16, WarmupEpochs = 1, WarmupSteps = 20 }, batches: 4);

        Assert.Equal(0.5, pace.At(9, 9, 1, 0).LearningRate);
        Assert.Equal(1, pace.At(19, 19, 1, 0).LearningRate);
    }

    [Fact]
    public void The_fewest_steps_are_at_most_half_of_a_short_run()
    {
        var pace = Pace(new() { Epochs = 5, Batch = 16, WarmupEpochs = 1, WarmupSteps = 100 }, batches: 2);

        Assert.Equal([0.2, 0.4, 0.6, 0.8, 1, 1], Enumerable.Range(0, 6).Select(step => pace.At(step, step, 1, 0).LearningRate));
    }

    [Fact]
    public void Without_epochs_of_warm_up_its_fewest_steps_mean_nothing() =>
        Assert.Equal(1, Pace(new() { Epochs = 10, WarmupEpochs = 0, Batch = 16, WarmupSteps = 20 }, batches: 4).At(0, 0, 1, 0).LearningRate);

    [Fact]
    public void Batches_are_added_up_to_the_nominal_one_and_the_warm_up_begins_with_one()
    {
        var pace = Pace(new() { Epochs = 10, Batch = 16, NominalBatch = 64, WarmupEpochs = 2 }, batches: 4);

        // One to four over eight steps: 1 + 3 * (step + 1) / 8, rounded.
        Assert.Equal([1, 2, 2, 2, 3, 3, 4, 4, 4, 4], Enumerable.Range(0, 10).Select(step => pace.BatchesPerUpdate(step)));
    }

    [Theory]
    [InlineData(0, 16, 1)]
    [InlineData(64, 64, 1)]
    [InlineData(64, 128, 1)]
    [InlineData(64, 24, 3)]
    [InlineData(64, 8, 8)]
    public void A_batch_as_large_as_the_nominal_one_is_a_step(int nominal, int batch, int batches) =>
        Assert.Equal(batches, Pace(new() { Batch = batch, NominalBatch = nominal }, 40).BatchesPerUpdate(100));

    [Fact]
    public void A_set_smaller_than_the_nominal_batch_makes_one_step_an_epoch() =>
        Assert.Equal(2, Pace(new() { Batch = 8, NominalBatch = 64 }, batches: 2).BatchesPerUpdate(100));

    private static TrainingPace Pace(TrainingOptions options, long batches) => new(options, new ConstantSchedule(), batches);
}
