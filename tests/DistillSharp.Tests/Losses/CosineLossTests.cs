using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeaturePairs;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class CosineLossTests
{
    [Fact]
    public void Two_pixels_worked_by_hand()
    {
        // Channels first: the pixels are (1, 0) and (0, 2) of the student, (1, 1) and (0, 5) of the teacher.
        using var student = Values([1, 0, 0, 2], 1, 2, 1, 2);
        using var teacher = Values([1, 0, 1, 5], 1, 2, 1, 2);

        Assert.Equal((1 - (1 / Math.Sqrt(2))) / 2, Loss(new CosineLoss(new()), student, teacher), 1e-14);
    }

    [Fact]
    public void Pairs_are_added_and_length_does_not_matter()
    {
        using var student = Drawn(1, ScalarType.Float64, 2, 4, 3, 3);
        using var teacher = Drawn(2, ScalarType.Float64, 2, 4, 3, 3);
        using var longer = student * 1000.0;
        using var both = new CosineLoss(new()).Compute(new DistillSharp.Losses.LossInputs { StudentFeatures = [student, longer], TeacherFeatures = [teacher, teacher] });

        Assert.Equal(2 * Loss(new CosineLoss(new()), student, teacher), both.ToDouble(), 1e-12);
    }

    [Fact]
    public void Pixels_of_zeros_stay_finite()
    {
        using var student = zeros([1, 4, 2, 2], ScalarType.Float32);
        using var teacher = Drawn(2, ScalarType.Float32, 1, 4, 2, 2);

        Assert.Equal(1, Finite(new CosineLoss(new()), student, teacher).Loss);
        Finite(new CosineLoss(new()), teacher, student);
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(7, 1)]
    public void Channels_that_differ_are_projected(long channels, int adapters)
    {
        using var student = Drawn(1, ScalarType.Float32, 2, 4, 3, 3);
        using var teacher = Drawn(2, ScalarType.Float32, 2, channels, 3, 3);
        using var loss = new CosineLoss(new());

        Finite(loss, student, teacher);
        Assert.Equal(adapters, loss.Adapters.Count);
    }
}
