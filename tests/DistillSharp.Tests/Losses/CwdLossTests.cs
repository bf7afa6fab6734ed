using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeaturePairs;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class CwdLossTests
{
    [Fact]
    public void Two_pixels_worked_by_hand()
    {
        // Softened by 2 the teacher looks at the first pixel with 3/4; the student at both alike, whatever its size.
        using var student = Values([7, 7], 1, 1, 1, 2);
        using var teacher = Values([2 * Math.Log(3), 0], 1, 1, 1, 2);

        double expected = 4 * ((0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5)));
        Assert.Equal(expected, Loss(new CwdLoss(new() { Temperature = 2 }), student, teacher), 1e-14);
    }

    [Fact]
    public void Channels_and_samples_are_averaged()
    {
        using var student = Drawn(1, ScalarType.Float64, 2, 3, 4, 5);
        using var teacher = Drawn(2, ScalarType.Float64, 2, 3, 4, 5);
        var loss = new CwdLoss(new());
        double[] each = [.. Enumerable.Range(0, 6).Select(i => Loss(loss, student[i / 3, i % 3].reshape(1, 1, 4, 5), teacher[i / 3, i % 3].reshape(1, 1, 4, 5)))];

        Assert.Equal(each.Average(), Loss(loss, student, teacher), 1e-14);
    }

    [Fact]
    public void Large_numbers_stay_finite()
    {
        using var student = Values([50, -50, 50, -50], 1, 1, 2, 2).to(ScalarType.Float32);
        using var teacher = Values([-50, 50, 50, -50], 1, 1, 2, 2).to(ScalarType.Float32);

        var (value, _) = Finite(new CwdLoss(new() { Temperature = 1 }), student, teacher);
        Assert.Equal(50, value, 1e-3);
    }

    [Theory]
    [InlineData(MapAlignment.WhereNeeded, 4, 0)]
    [InlineData(MapAlignment.WhereNeeded, 5, 2)]
    [InlineData(MapAlignment.Conv, 4, 2)]
    [InlineData(MapAlignment.ConvNorm, 4, 2)]
    public void Maps_are_aligned_as_told(MapAlignment align, long channels, int weights)
    {
        using var student = Drawn(1, ScalarType.Float32, 2, 4, 3, 3);
        using var teacher = Drawn(2, ScalarType.Float32, 2, channels, 3, 3);
        using var loss = new CwdLoss(new() { Align = align });

        Finite(loss, student, teacher);
        Assert.Equal(weights, loss.Adapters.Sum(adapter => adapter.Executor.Weights.Parameters.Count));
        Assert.Equal(align is MapAlignment.ConvNorm ? 2 : 0, loss.Adapters.Sum(adapter => adapter.Executor.Statistics.Parameters.Count));
    }

    [Fact]
    public void Pairs_that_need_no_alignment_pass_beside_one_that_does()
    {
        using var scope = NewDisposeScope();
        Tensor same = Drawn(1, ScalarType.Float64, 2, 4, 3, 3), other = Drawn(2, ScalarType.Float64, 2, 4, 3, 3), wide = Drawn(3, ScalarType.Float64, 2, 6, 3, 3);
        using var both = new CwdLoss(new());
        using var value = both.Compute(new DistillSharp.Losses.LossInputs { StudentFeatures = [same, same], TeacherFeatures = [other, wide] });
        using var second = new CwdLoss(new());
        second.Prepare(new() { Shapes = new() { StudentFeatures = [same.shape, same.shape], TeacherFeatures = [other.shape, wide.shape] }, Precision = DistillSharp.Graph.ElementType.Float64 });
        double aligned = second.Compute(new DistillSharp.Losses.LossInputs { StudentFeatures = [other, same], TeacherFeatures = [other, wide] }).ToDouble();

        Assert.Equal(Loss(new CwdLoss(new()), same, other) + aligned, value.ToDouble(), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void A_temperature_that_makes_no_sense_is_refused(double temperature) =>
        Assert.Equal(temperature, Assert.Throws<ArgumentOutOfRangeException>(() => new CwdLossOptions { Temperature = temperature }).ActualValue);
}
