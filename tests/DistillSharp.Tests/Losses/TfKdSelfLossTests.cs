using DistillSharp.Losses.Response;
using static DistillSharp.Tests.Losses.LogitLossCheck;

namespace DistillSharp.Tests.Losses;

public sealed class TfKdSelfLossTests
{
    [Theory]
    [InlineData(LogitAverage.Rows, 1)]
    [InlineData(LogitAverage.Elements, 0.2)]
    public void It_is_shares_of_hard_labels_and_of_KD(LogitAverage average, double factor)
    {
        using var student = Random(1, 3, 5);
        using var teacher = Random(2, 3, 5);
        double[] logProbabilities = Numbers(student.log_softmax(1));
        double hard = -(logProbabilities[1] + logProbabilities[5 + 4] + logProbabilities[10 + 2]) / 3;
        double soft = Value(new KdLoss(new() { Temperature = 7 }), student, teacher);

        var loss = new TfKdSelfLoss(new() { Soft = 0.3, Temperature = 7, Multiplier = 2, Average = average });
        Assert.Equal((0.7 * hard) + (0.6 * soft * factor), Value(loss, student, teacher, 1, 4, 2), 1e-13);
    }

    [Fact]
    public void Rows_without_a_label_have_soft_ones()
    {
        using var student = Random(1, 3, 5);
        using var teacher = Random(2, 3, 5);

        Assert.Equal(0.9 * Value(new KdLoss(new() { Temperature = 20 }), student, teacher), Value(new TfKdSelfLoss(new()), student, teacher, -1, -1, -1), 1e-13);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Large_logits_hold_in_float32(double temperature) => HoldsInFloat32(() => new TfKdSelfLoss(new() { Temperature = temperature }));

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Equal(1.1, Assert.Throws<ArgumentOutOfRangeException>(() => new TfKdSelfLossOptions { Soft = 1.1 }).ActualValue);
        Assert.Equal(-1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new TfKdSelfLossOptions { Multiplier = -1 }).ActualValue);
    }
}
