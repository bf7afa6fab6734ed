using DistillSharp.Tasks.Classification;

namespace DistillSharp.Tasks.Tests.Classification;

public sealed class PairedDifferenceTests
{
    [Fact]
    public void The_interval_is_that_of_the_formula_worked_by_hand()
    {
        // 100 samples: 5 that only the first gets right, 2 that only the second does, 90 both, 3 neither.
        int[] labels = new int[100], first = new int[100], second = new int[100];
        first.AsSpan(0, 2).Fill(1);
        second.AsSpan(2, 5).Fill(1);
        first.AsSpan(7, 3).Fill(1);
        second.AsSpan(7, 3).Fill(2);

        var difference = PairedDifference.Of(labels, first, second);

        // sqrt((0.07 - 0.0009) / 100) = 0.026287; 1.96 times it is 0.051523.
        Assert.Equal((5, 2), (difference.Lost, difference.Won));
        Assert.Equal(-3, difference.Points, 1e-9);
        Assert.Equal(-8.1523, difference.Low, 1e-3);
        Assert.Equal(2.1523, difference.High, 1e-3);
    }

    [Fact]
    public void Equal_predictions_differ_by_nothing()
    {
        var difference = PairedDifference.Of([0, 1], [0, 0], [0, 0]);
        Assert.Equal((0, 0, 0), (difference.Points, difference.Low, difference.High));
        Assert.Throws<ArgumentException>(() => PairedDifference.Of([0, 1], [0], [0, 1]));
    }
}
