using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Tasks.Tests.Detection.Data;

public sealed class DetectionSubsetTests
{
    [Theory]
    [InlineData(20, 0.25, 5)]
    [InlineData(20, 0.33, 7)]
    [InlineData(20, 0.001, 1)]
    [InlineData(20, 1, 20)]
    [InlineData(1, 0.5, 1)]
    public void A_share_is_rounded_to_whole_pictures_and_is_one_at_least(int count, double share, int kept) =>
        Assert.Equal(kept, DetectionSubset.Share(new MadeUpDetections(count), share, 0).Count);

    [Fact]
    public void A_share_is_drawn_by_the_seed_and_stays_in_the_sources_order()
    {
        var source = new MadeUpDetections(100);
        int[] third = Positions(DetectionSubset.Share(source, 0.3, 7)), half = Positions(DetectionSubset.Share(source, 0.5, 7));

        Assert.Equal(third, Positions(DetectionSubset.Share(source, 0.3, 7)));
        Assert.NotEqual(third, Positions(DetectionSubset.Share(source, 0.3, 8)));
        Assert.Equal(third.Order(), third);
        Assert.Equal(30, third.Distinct().Count());
        Assert.Subset(half.ToHashSet(), third.ToHashSet());
        Assert.True(third[^1] > 60 && third[0] < 40, "the share is drawn from all over the source");
    }

    [Fact]
    public void A_share_has_the_pictures_own_sizes_boxes_and_pixels()
    {
        var source = new MadeUpDetections(10);
        var subset = DetectionSubset.Share(source, 0.5, 2);
        int[] positions = Positions(subset);

        Assert.All(positions.Index(), pair =>
        {
            Assert.Equal(source.SizeOf(pair.Item), subset.SizeOf(pair.Index));
            Assert.Equal(source.LabelsOf(pair.Item), subset.LabelsOf(pair.Index));
            Assert.Equal(source.Read(pair.Item).Pixels, subset.Read(pair.Index).Pixels);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Shares_out_of_range_are_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(share), () => DetectionSubset.Share(new MadeUpDetections(4), share, 0));

    [Fact]
    public void A_share_of_nothing_is_refused() => Assert.Throws<DataException>(() => DetectionSubset.Share(new MadeUpDetections(0), 0.5, 0));

    private static int[] Positions(DetectionSubset subset) => [.. Enumerable.Range(0, subset.Count).Select(i => int.Parse(subset.Describe(i)[8..], System.Globalization.CultureInfo.InvariantCulture))];
}
