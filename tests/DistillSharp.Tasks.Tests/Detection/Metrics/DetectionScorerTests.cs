using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Tasks.Tests.Detection.Metrics;

public sealed class DetectionScorerTests
{
    /// <summary>All found at precision 1: 1 up to recall 0.99, and a triangle down to recall 1, where the curve ends at 0.</summary>
    private const double Perfect = 0.99 + (0.01 / 2);

    private static readonly BoundingBox s_here = new(0, 0, 10, 10), s_there = new(50, 50, 60, 60);

    [Fact]
    public void Without_true_boxes_every_mean_is_0()
    {
        var scorer = new DetectionScorer(2);
        scorer.Add([new(s_here, 0.9f, 1)], []);
        var score = scorer.Score();

        Assert.Equal((1, 0, 2), (score.Images, score.Instances, score.ClassCount));
        Assert.Equal([0.0, 0, 0, 0, 0, 0, 0], [score.Precision, score.Recall, score.Map50, score.Map75, score.Map, score.Fitness, score.BestConfidence]);
        Assert.Empty(score.Classes);
        Assert.Equal([0.0, 0.0], score.PerClass());
        Assert.Equal(1, score.Confusion[1, 2]);
    }

    [Fact]
    public void Without_anything_found_nothing_is_right()
    {
        var scorer = new DetectionScorer(2);
        scorer.Add([], [new(s_here, 0), new(s_there, 0)]);
        scorer.Add([], []);
        var score = scorer.Score();

        Assert.Equal((2, 2), (score.Images, score.Instances));
        Assert.Equal((0, 1, 2, 0.0, 0.0), (score.Classes.Single().ClassIndex, score.Classes.Single().Images, score.Classes.Single().Instances, score.Map, score.Recall));
        Assert.Equal((2, 0), (score.Confusion[2, 0], score.Confusion[0, 0]));
    }

    [Fact]
    public void Nothing_at_all_is_a_score_of_nothing() => Assert.Equal((0, 0, 0.0), (new DetectionScorer(1).Score().Images, new DetectionScorer(1).Score().Instances, new DetectionScorer(1).Score().Map));

    [Fact]
    public void A_right_box_a_wrong_class_and_a_miss_are_counted_by_hand()
    {
        var scorer = new DetectionScorer(3);
        scorer.Add([new(s_here, 0.9f, 0), new(s_there, 0.8f, 2)], [new(s_here, 0), new(s_there, 1), new(new(80, 80, 90, 90), 0)]);
        var score = scorer.Score();

        // Class 0: one of two found, at precision 1. The envelope is 1 up to recall 0.5, then falls on a line to 0 at recall 1.
        // The 101 points up to 0.5 give 0.5, the line from 0.5 to 1 another 0.25.
        Assert.Equal(0.75, score.Classes[0].Ap50, 1e-9);
        Assert.Equal([0, 1], score.Classes.Select(one => one.ClassIndex));
        Assert.Equal((2, 1, 0.0), (score.Classes[0].Instances, score.Classes[1].Instances, score.Classes[1].Ap));
        Assert.Equal(0.375, score.Map50, 1e-9);
        Assert.Equal(0.375, score.Fitness, 1e-9);
        Assert.Equal((1, 1, 1, 0), (score.Confusion[0, 0], score.Confusion[2, 1], score.Confusion[3, 0], score.Confusion[2, 3]));
        Assert.Equal([0.75, 0, 0.375], score.PerClass(), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void Precision_is_credited_for_recall_that_is_never_reached_and_the_variant_is_named()
    {
        // 0.1 up to recall 0.1, then a line from 1 to 0 over the other 0.9: 0.1 + 0.45. COCO's evaluator gives 11 / 101 = 0.109.
        var scorer = new DetectionScorer(1);
        scorer.Add([new(s_here, 0.9f, 0)], [new(s_here, 0), .. Enumerable.Range(1, 9).Select(i => new TrueBox(new(100 * i, 0, (100 * i) + 10, 10), 0))]);

        Assert.Equal(0.550, scorer.Score().Map, 5e-4);
        Assert.StartsWith("mAP is Ultralytics' variant", DetectionScore.MapMethod, StringComparison.Ordinal);
    }

    [Fact]
    public void A_box_right_at_half_overlap_only_counts_at_the_low_thresholds()
    {
        // 10 x 8 of 10 x 12 shared: 2/3, right at 0.50 to 0.65.
        var scorer = new DetectionScorer(1);
        scorer.Add([new(new(0, 2, 10, 12), 0.9f, 0)], [new(s_here, 0)]);

        Assert.Equal([Perfect, Perfect, Perfect, Perfect, 0, 0, 0, 0, 0, 0], scorer.Score().Classes[0].AveragePrecisions, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void Of_two_boxes_on_one_truth_the_surer_is_right_whatever_their_order()
    {
        DetectedBox sure = new(new(0, 1, 10, 11), 0.9f, 0), close = new(s_here, 0.5f, 0);
        foreach (DetectedBox[] found in new DetectedBox[][] { [sure, close], [close, sure] })
        {
            var scorer = new DetectionScorer(1);
            scorer.Add(found, [new(s_here, 0)]);

            // At 0.50 the surer one takes the truth at precision 1; at 0.90 (9/11 is less) only the other can, at precision 1/2.
            var precisions = scorer.Score().Classes[0].AveragePrecisions;
            Assert.Equal(Perfect, precisions[0], 1e-9);
            Assert.Equal(Perfect / 2, precisions[9], 1e-9);
        }
    }

    [Fact]
    public void Boxes_that_are_no_numbers_are_left_out_and_counted()
    {
        var scorer = new DetectionScorer(1);
        scorer.Add([new(s_here, float.NaN, 0), new(new(float.NaN, 0, 1, 1), 0.9f, 0), new(s_here, 0.6f, 0)], [new(s_here, 0)]);
        var score = scorer.Score();

        Assert.Equal(2, score.Unusable);
        Assert.Equal(Perfect, score.Map50, 1e-9);
    }

    [Fact]
    public void A_score_does_not_change_when_more_is_added()
    {
        var scorer = new DetectionScorer(1);
        scorer.Add([new(s_here, 0.6f, 0)], [new(s_here, 0)]);
        var first = scorer.Score();
        scorer.Add([], [new(s_here, 0)]);

        Assert.Equal((1, 1, 0), (first.Images, first.Confusion[0, 0], first.Confusion[1, 0]));
        Assert.Equal((2, 1, 1), (scorer.Score().Images, scorer.Score().Confusion[0, 0], scorer.Score().Confusion[1, 0]));
    }

    [Fact]
    public void Each_truth_pairs_with_its_best_box_in_the_confusion()
    {
        var confusion = new DetectionConfusion(2);

        // Both look at the one truth; the better overlap takes it, the other is of the background. The third is too unsure.
        confusion.Add([new(new(0, 1, 10, 11), 0.9f, 1), new(s_here, 0.5f, 0), new(s_there, 0.25f, 0)], [new(s_here, 0)]);

        Assert.Equal((1, 1, 0, 0), (confusion[0, 0], confusion[1, 2], confusion[2, 0], confusion[0, 2]));
    }

    [Fact]
    public void Many_classes_take_little_memory()
    {
        var confusion = new DetectionConfusion(1_000_000);
        confusion.Add([new(s_here, 0.9f, 999_999)], [new(s_here, 0)]);
        Assert.Equal([(999_999, 0, 1)], confusion.Entries);
    }

    [Fact]
    public void Classes_out_of_range_are_refused()
    {
        Assert.Contains("is of class 3, but 3 classes", Assert.Throws<ArgumentException>(() => new DetectionScorer(3).Add([new(s_here, 1, 3)], [])).Message, StringComparison.Ordinal);
        Assert.Contains("is of class -1", Assert.Throws<ArgumentException>(() => new DetectionScorer(3).Add([], [new(s_here, -1)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionScorer(0));
    }
}
