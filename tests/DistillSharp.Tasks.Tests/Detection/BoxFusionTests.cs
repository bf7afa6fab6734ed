using DistillSharp.Tasks.Detection;

namespace DistillSharp.Tasks.Tests.Detection;

/// <summary>Weighted boxes fusion, held against what it says by hand (arXiv:1910.13302).</summary>
public sealed class BoxFusionTests
{
    [Fact]
    public void Boxes_that_overlap_become_their_mean_by_confidence()
    {
        // Shared 8 x 10 of 12 x 10: 0.667. Left = (0.9 * 0 + 0.6 * 2) / 1.5 = 0.8, right = (0.9 * 10 + 0.6 * 12) / 1.5 = 10.8; (0.9 + 0.6) / 2 * min(2, 2) / 2 = 0.75.
        Check([(0.8f, 0, 10.8f, 10, 0.75f, 3)], Fuse(new(), [Box(0, 0, 10, 10, 0.9f, 3)], [Box(2, 0, 12, 10, 0.6f, 3)]));
    }

    [Fact]
    public void What_one_of_two_sees_counts_half() =>
        Check([(0, 0, 10, 10, 0.45f, 0), (50, 50, 60, 60, 0.2f, 0)], Fuse(new(), [Box(0, 0, 10, 10, 0.9f)], [Box(50, 50, 60, 60, 0.4f)]));

    [Fact]
    public void Classes_stay_apart() =>
        Check([(0, 0, 10, 10, 0.45f, 0), (0, 0, 10, 10, 0.4f, 1)], Fuse(new(), [Box(0, 0, 10, 10, 0.9f, 0)], [Box(0, 0, 10, 10, 0.8f, 1)]));

    [Fact]
    public void An_overlap_must_exceed_the_limit()
    {
        // Shared 5 x 10 of 10 x 10: exactly 0.5.
        Assert.Equal(2, Fuse(new() { Iou = 0.5f }, [Box(0, 0, 10, 10, 0.9f)], [Box(0, 0, 5, 10, 0.6f)]).Count);
        Assert.Single(Fuse(new() { Iou = 0.49f }, [Box(0, 0, 10, 10, 0.9f)], [Box(0, 0, 5, 10, 0.6f)]));
    }

    [Fact]
    public void A_box_joins_the_fused_box_as_it_is_by_then_and_the_one_it_overlaps_most()
    {
        // The first two make (0.8, 10.8). The third, (3, 13), overlaps that by 7.8 / 12.2 = 0.639, but the first alone by 7 / 13 = 0.538: it joins all the same.
        // Left = (0 + 1.2 + 0.9) / 1.8 = 1.1667, right = (9 + 7.2 + 3.9) / 1.8 = 11.1667; 1.8 / 3 * 3 / 3 = 0.6.
        Check([(1.1667f, 0, 11.1667f, 10, 0.6f, 0)], Fuse(new(), [Box(0, 0, 10, 10, 0.9f)], [Box(2, 0, 12, 10, 0.6f)], [Box(3, 0, 13, 10, 0.3f)]));

        // Two fused boxes 4 apart, (0, 10) and (4, 14), overlap by 6 / 14. The third, (3, 13), overlaps the second most, though the first is surer: (0.8 * 4 + 0.4 * 3) / 1.2 = 3.6667, 0.6 * 2 / 2.
        Check([(3.6667f, 0, 13.6667f, 10, 0.6f, 0), (0, 0, 10, 10, 0.45f, 0)], Fuse(new() { Iou = 0.5f }, [Box(0, 0, 10, 10, 0.9f), Box(4, 0, 14, 10, 0.8f)], [Box(3, 0, 13, 10, 0.4f)]));
    }

    [Fact]
    public void More_members_than_detectors_count_as_all()
    {
        // Three members of two detectors: 2.4 / 3 * min(3, 2) / 2 = 0.8.
        Check([(0, 0, 10, 10, 0.8f, 0)], Fuse(new(), [Box(0, 0, 10, 10, 0.9f), Box(0, 0, 10, 10, 0.8f)], [Box(0, 0, 10, 10, 0.7f)]));
    }

    [Fact]
    public void Weights_count_by_their_ratio()
    {
        // 3 to 1 become 1.5 and 0.5: 0.6 * 1.5 = 0.9 and 0.6 * 0.5 = 0.3. Left = 0.3 * 2 / 1.2 = 0.5; 1.2 / 2 * 2 / 2 = 0.6. Alone, the second's box is 0.3 / 2.
        foreach (float scale in new[] { 1f, 100f })
        {
            Check([(0.5f, 0, 10.5f, 10, 0.6f, 0), (50, 50, 60, 60, 0.15f, 0)], Fuse(new() { Weights = [3 * scale, scale] }, [Box(0, 0, 10, 10, 0.6f)], [Box(2, 0, 12, 10, 0.6f), Box(50, 50, 60, 60, 0.6f)]));
        }

        // A detector of weight 0 is not heard. What is above 1 is 1: two boxes of the first, (1.8 + 1.8) / 2 * 2 / 2.
        Check([(0, 0, 10, 10, 1, 0)], Fuse(new() { Weights = [1, 0] }, [Box(0, 0, 10, 10, 0.9f), Box(0, 0, 10, 10, 0.9f)], [Box(50, 50, 60, 60, 0.9f)]));
    }

    [Fact]
    public void One_detectors_boxes_are_left_as_they_are() =>
        Check([(0, 0, 10, 10, 0.9f, 0), (1, 0, 11, 10, 0.8f, 0)], Fuse(new(), [Box(1, 0, 11, 10, 0.8f), Box(0, 0, 10, 10, 0.9f)]));

    [Fact]
    public void What_is_no_number_and_what_is_unsure_is_left_out()
    {
        Assert.Empty(Fuse(new(), [Box(float.NaN, 0, 1, 1, 0.9f), Box(0, 0, 1, 1, float.PositiveInfinity), Box(0, 0, 1, 1, 0)], []));
        Check([(0, 0, 10, 10, 0.45f, 0)], Fuse(new() { Confidence = 0.2f }, [Box(0, 0, 10, 10, 0.9f), Box(50, 50, 60, 60, 0.4f)], []));
    }

    [Fact]
    public void A_fusion_forgets_the_picture_before_and_refuses_what_does_not_fit()
    {
        var fusion = new BoxFusion(2);
        List<DetectedBox> fused = [];
        fusion.Fuse([[Box(0, 0, 10, 10, 0.9f)], []], fused);
        fusion.Fuse([[], []], fused);
        Assert.Empty(fused);
        Assert.Contains("The boxes of 1 detectors were given; the fusion is for 2.", Assert.Throws<ArgumentException>(() => fusion.Fuse([[]], fused)).Message, StringComparison.Ordinal);
        Assert.Contains("1 weights do not fit 2 detectors", Assert.Throws<ArgumentException>(() => new BoxFusion(2, new() { Weights = [1] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxFusion(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxFusionOptions { Iou = 1.1f });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxFusionOptions { Confidence = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxFusionOptions { Weights = [0, 0] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxFusionOptions { Weights = [1, float.NaN] });
    }

    private static DetectedBox Box(float left, float top, float right, float bottom, float confidence, int label = 0) => new(new(left, top, right, bottom), confidence, label);

    private static List<DetectedBox> Fuse(BoxFusionOptions options, params DetectedBox[][] found)
    {
        List<DetectedBox> fused = [];
        new BoxFusion(found.Length, options).Fuse(found, fused);
        return fused;
    }

    private static void Check((float Left, float Top, float Right, float Bottom, float Confidence, int Class)[] expected, List<DetectedBox> found)
    {
        Assert.Equal(expected.Select(one => one.Class), found.Select(box => box.ClassIndex));
        Assert.Equal(
            expected.SelectMany(one => new[] { one.Left, one.Top, one.Right, one.Bottom, one.Confidence }),
            found.SelectMany(box => new[] { box.Box.Left, box.Box.Top, box.Box.Right, box.Box.Bottom, box.Confidence }),
            (a, b) => Math.Abs(a - b) < 1e-3);
    }
}
