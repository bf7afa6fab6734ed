using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeatureTrial;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class OfdLossTests
{
    [Theory]
    [InlineData(1, 0, -0.79788456080286536)] // the half-normal: -sqrt(2 / π)
    [InlineData(2, 0, -1.5957691216057307)]
    [InlineData(0.5, 2, -1.5)] // hardly ever below 0: three deviations
    [InlineData(0.1, -5, -5)] // always below 0
    [InlineData(0, -2, -2)] // a constant below 0
    [InlineData(0, 3, 0)]
    public void The_margin_is_the_mean_of_the_negative_part(double deviation, double mean, double expected) =>
        Assert.Equal(expected, NegativeMargins.Of(deviation, mean), 1e-14);

    [Fact]
    public void The_margin_agrees_with_an_integral()
    {
        double weight = 0, sum = 0;
        for (int i = 0; i < 120_000; i++)
        {
            double x = -(i + 0.5) * 1e-4, density = Math.Exp(-Math.Pow((x - 0.7) / 1.3, 2) / 2);
            (weight, sum) = (weight + density, sum + (density * x));
        }

        Assert.Equal(sum / weight, NegativeMargins.Of(1.3, 0.7), 1e-8);
    }

    [Fact]
    public void Below_the_margin_there_is_nothing_to_pay()
    {
        // One channel, margin -1.5: the connector gives ±1 by batch normalisation, then 0.5 and -3.5 by scale 2 and bias -1.5.
        using var student = Of([1, -1], 2, 1, 1, 1);
        using var loss = Prepared(new() { Convention = OfdConvention.Mdistiller }, [2, 1, 1, 1], [2, 1, 1, 1], (0.5f, 2));
        Weight(loss, "0.conv.weight").fill_(1);
        Weight(loss, "0.bn.weight").fill_(2 * Math.Sqrt(1 + 1e-5));
        Weight(loss, "0.bn.bias").fill_(-1.5);

        // Of a teacher at -4 (its margin is -1.5), 0.5 pays 2² and -3.5 nothing; of one at 1, both pay.
        Assert.Equal(4 / 2.0, Loss(loss, student, Of([-4, -4], 2, 1, 1, 1)), 1e-6);
        Assert.Equal((0.25 + 20.25) / 2, Loss(loss, student, Of([1, 1], 2, 1, 1, 1)), 1e-5);
    }

    [Fact]
    public void The_conventions_differ_by_the_divisor_only()
    {
        using var student = Normal(1, 3, 2, 4, 4);
        using var teacher = Normal(2, 3, 3, 4, 4);
        using var authors = Prepared(new() { Divisor = 50 }, student.shape, teacher.shape, (1, 0), (1, 1), (2, -1));
        using var other = Prepared(new() { Convention = OfdConvention.Mdistiller }, student.shape, teacher.shape, (1, 0), (1, 1), (2, -1));

        double value = Loss(authors, student, teacher);
        Assert.True(value > 0);
        Assert.Equal(value * 50, Loss(other, student, teacher), 1e-11);
    }

    [Fact]
    public void Further_features_of_the_teacher_are_passed_over_from_the_front()
    {
        using var student = Normal(1, 3, 2, 2, 2);
        using var teacher = Normal(2, 3, 3, 4, 4);
        using var other = Normal(3, 3, 3, 4, 4);
        var options = new OfdLossOptions { Convention = OfdConvention.Mdistiller };
        using var one = Prepared(options, student.shape, teacher.shape, (1, 0), (1, 1), (2, -1));
        using var loss = new OfdLoss(options);
        var norm = Norm((1, 0), (1, 1), (2, -1));
        loss.Prepare(new() { Shapes = new() { StudentFeatures = [student.shape], TeacherFeatures = [other.shape, teacher.shape] }, TeacherNorms = [norm, norm], Precision = ElementType.Float64 });

        Assert.Equal(Loss(one, student, teacher), Loss(loss, [student], [other, teacher]), 1e-12);
    }

    [Fact]
    public void Dead_and_large_maps_stay_finite() =>
        StaysFinite(() => new OfdLoss(new()), setup => setup with { TeacherNorms = [Norm((1, 0), (0, -1), (1e-6f, 5))] }, null, [2, 4, 3, 3], [2, 3, 3, 3]);

    [Fact]
    public void Missing_norms_and_bad_options_are_refused()
    {
        using var map = Normal(1, 2, 2, 2, 2);
        Assert.Contains("batch normalisation", Assert.Throws<ArgumentException>(() => Loss(new OfdLoss(new()), map, map)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new OfdLossOptions { Divisor = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OfdLossOptions { ConnectorKernel = 2 });
    }

    private static OfdLoss Prepared(OfdLossOptions options, long[] student, long[] teacher, params (float Scale, float Bias)[] norm)
    {
        var loss = new OfdLoss(options);
        loss.Prepare(new() { Shapes = new() { StudentFeatures = [student], TeacherFeatures = [teacher] }, TeacherNorms = [Norm(norm)], Precision = ElementType.Float64 });
        return loss;
    }

    private static (TensorData Scale, TensorData Bias) Norm(params (float Scale, float Bias)[] channels) =>
        (TensorData.Create<float>([.. channels.Select(one => one.Scale)], channels.Length), TensorData.Create<float>([.. channels.Select(one => one.Bias)], channels.Length));
}
