using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Losses.Temperatures;
using TorchSharp;
using static DistillSharp.Tests.Losses.LogitLossCheck;

namespace DistillSharp.Tests.Losses.Temperatures;

public sealed class LinearTemperatureTests
{
    [Theory]
    [InlineData(0, 7)]
    [InlineData(0.25, 5.5)]
    [InlineData(0.5, 4)]
    [InlineData(1, 1)]
    [InlineData(1.2, 1)]
    public void It_goes_in_a_straight_line(double progress, double expected) => Assert.Equal(expected, new LinearTemperature(new()).At(7, progress, 3), 1e-14);

    [Fact]
    public void A_loss_follows_it()
    {
        var inputs = new LossInputs { StudentLogits = Random(1, 3, 5), TeacherLogits = Random(2, 3, 5) };
        using var loss = new KdLoss(new() { Temperature = 8, TemperatureSchedule = new("linear", new LinearTemperatureOptions { Final = 2 }) });

        foreach (var (progress, temperature) in new[] { (0.0, 8.0), (0.5, 5.0), (1.0, 2.0) })
        {
            using var value = loss.Compute(inputs with { Progress = progress });
            Assert.Equal(Value(new KdLoss(new() { Temperature = temperature }), inputs), value.ToDouble(), 1e-14);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void An_end_that_makes_no_sense_is_refused(double final) => Assert.Equal(final, Assert.Throws<ArgumentOutOfRangeException>(() => new LinearTemperatureOptions { Final = final }).ActualValue);
}
