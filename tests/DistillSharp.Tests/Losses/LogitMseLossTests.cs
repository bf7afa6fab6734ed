using DistillSharp.Losses.Response;
using static DistillSharp.Tests.Losses.LogitLossCheck;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class LogitMseLossTests
{
    [Theory]
    [InlineData(null, 2.5)]
    [InlineData(2.0, 0.625)]
    public void Two_classes_worked_by_hand(double? temperature, double expected)
    {
        using var student = tensor(new[] { 1.0, 3 }, [1, 2]);
        using var teacher = tensor(new[] { 0.0, 1 }, [1, 2]);

        Assert.Equal(expected, Value(new LogitMseLoss(temperature is { } t ? new() { Temperature = t } : new()), student, teacher), 1e-15);
    }

    [Fact]
    public void Large_logits_hold_in_float32() => HoldsInFloat32(() => new LogitMseLoss(new()));
}
