using DistillSharp.Losses.Response;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

public sealed class WarmUpScheduleTests
{
    [Theory]
    [InlineData(0, 0.05)]
    [InlineData(9, 0.5)]
    [InlineData(19, 1)]
    [InlineData(200, 1)]
    public void It_rises_by_a_step_an_epoch_to_the_full_value(int epoch, double factor) =>
        Assert.Equal(factor, new WarmUpSchedule(new() { Epochs = 20 }).FactorAt(0.5, epoch), 1e-15);

    [Fact]
    public void A_loss_is_weighed_by_it()
    {
        using var loss = new KdLoss(new() { Weight = 3, WeightSchedule = new("warm-up", new WarmUpScheduleOptions { Epochs = 4 }) });

        Assert.Equal([0.75, 1.5, 2.25, 3, 3], Enumerable.Range(0, 5).Select(epoch => loss.WeightAt(epoch / 5.0, epoch)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_warm_up_that_makes_no_sense_is_refused(int epochs) =>
        Assert.Contains("1 epoch or more", Assert.Throws<ArgumentOutOfRangeException>(() => new WarmUpScheduleOptions { Epochs = epochs }).Message, StringComparison.Ordinal);
}
