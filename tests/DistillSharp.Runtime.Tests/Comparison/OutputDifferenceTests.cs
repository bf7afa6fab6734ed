using DistillSharp.Graph;
using DistillSharp.Runtime.Comparison;

namespace DistillSharp.Runtime.Tests.Comparison;

public sealed class OutputDifferenceTests
{
    [Fact]
    public void It_is_the_largest_difference_and_its_share_of_the_largest_element()
    {
        var difference = Of([1, -8, 2], [1.5f, -8, 1]);

        Assert.Equal((1, 8, 0.125), (difference.Absolute, difference.Scale, difference.Relative));
    }

    [Fact]
    public void No_number_is_the_same_as_no_number_and_infinitely_far_from_one()
    {
        Assert.Equal(0, Of([float.NaN, float.PositiveInfinity, 1], [float.NaN, float.PositiveInfinity, 1]).Absolute);
        Assert.Equal(double.PositiveInfinity, Of([1, 2], [1, float.NaN]).Relative);
        Assert.Equal(double.PositiveInfinity, Of([float.PositiveInfinity], [float.NegativeInfinity]).Relative);
    }

    [Fact]
    public void Where_all_was_zero_the_difference_itself_counts() => Assert.Equal(0.25, Of([0, 0], [0, 0.25f]).Relative);

    [Fact]
    public void Another_shape_is_infinitely_far() =>
        Assert.Equal(double.PositiveInfinity, OutputDifference.Of("y", TensorData.Create<float>([1, 2], 1, 2), TensorData.Create<float>([1, 2], 2, 1)).Absolute);

    [Fact]
    public void Types_may_differ() => Assert.Equal(1, OutputDifference.Of("y", TensorData.Create<Half>([(Half)3, (Half)4], 2), TensorData.Create<long>([3, 5], 2)).Absolute);

    private static OutputDifference Of(float[] before, float[] after) => OutputDifference.Of("y", TensorData.Create<float>(before, before.Length), TensorData.Create<float>(after, after.Length));
}
