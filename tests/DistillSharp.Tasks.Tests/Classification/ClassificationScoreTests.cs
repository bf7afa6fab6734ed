using CsCheck;
using DistillSharp.Tasks.Classification;

namespace DistillSharp.Tasks.Tests.Classification;

public sealed class ClassificationScoreTests
{
    private static readonly float[] s_logits = [2, 1, 0, 0, 3, 0, 1, 1, 0, 0, 0, 5];
    private static readonly int[] s_labels = [0, 2, 1, 2];

    [Fact]
    public void Four_samples_score_what_is_worked_by_hand()
    {
        var score = ClassificationScore.Of(s_logits, s_labels, 3);

        // Softmax by hand: e^2 : e : 1, then 1 : e^3 : 1, then e : e : 1 (a tie: the first counts), then 1 : 1 : e^5.
        double e = Math.E, e2 = e * e, e3 = e2 * e, e5 = e3 * e2;
        Assert.Equal((4, 2), (score.Count, score.Errors));
        Assert.Equal(0.5, score.Top1);
        Assert.Equal(1, score.Top5);
        Assert.Equal((Math.Log((e2 + e + 1) / e2) + Math.Log(e3 + 2) + Math.Log(((2 * e) + 1) / e) + Math.Log((e5 + 2) / e5)) / 4, score.Nll, 1e-12);
        Assert.Equal((1 - (e2 / (e2 + e + 1)) + (e3 / (e3 + 2)) + (e / ((2 * e) + 1)) + 1 - (e5 / (e5 + 2))) / 4, score.CalibrationError, 1e-12);
        Assert.Equal(["1 0 0", "1 0 0", "0 1 1"], score.Confusion.Select(row => string.Join(" ", row)));
        Assert.Null(score.Agreement);
    }

    [Fact]
    public void Recall_is_the_share_of_a_true_class_and_not_a_number_where_there_is_none()
    {
        var score = ClassificationScore.Of(s_logits, [0, 0, 0, 2], 3);

        Assert.Equal(2 / 3.0, score.RecallOf(0), 1e-12);
        Assert.Equal(1, score.RecallOf(2));
        Assert.Equal(double.NaN, score.RecallOf(1));
    }

    [Fact]
    public void Agreement_is_with_the_teachers_predictions_right_or_wrong() =>
        Assert.Equal(0.75, ClassificationScore.Of(s_logits, s_labels, 3, [0, 1, 1, 2]).Agreement);

    [Theory]
    [InlineData(new float[] { 9, 8, 7, 6, 5, 4, 3 }, 4, true)]
    [InlineData(new float[] { 9, 8, 7, 6, 5, 4, 3 }, 5, false)]
    [InlineData(new float[] { 1, 1, 1, 1, 1, 1, 1 }, 4, true)]
    [InlineData(new float[] { 1, 1, 1, 1, 1, 1, 1 }, 5, false)]
    [InlineData(new float[] { 2, 1, 1, 1, 1, 1, 1 }, 4, true)]
    [InlineData(new float[] { 1, 1, 1, 1, 1, 1, 2 }, 4, false)]
    [InlineData(new float[] { 1, 1, 1, 1, 1, 1, 2 }, 3, true)]
    public void Among_five_of_equal_logits_the_first_classes_count(float[] logits, int label, bool right) =>
        Assert.Equal(right ? 1 : 0, ClassificationScore.Of(logits, [label], 7).Top5);

    [Fact]
    public void Confidences_of_one_bin_are_taken_together()
    {
        // Two samples of confidence 0.95 and one of 0.94, all in the last bin (14/15 to 1): one is wrong.
        float a = (float)Math.Log(0.95 / 0.05), b = (float)Math.Log(0.94 / 0.06);

        var score = ClassificationScore.Of([a, 0, a, 0, b, 0], [0, 1, 0], 2);

        Assert.Equal(Math.Abs((2 / 3.0) - ((0.95 + 0.95 + 0.94) / 3)), score.CalibrationError, 1e-6);
    }

    [Fact]
    public void Errors_of_different_bins_do_not_cancel_out()
    {
        // Sure and wrong in one bin, unsure and right in another: their mean confidence would look perfect.
        float sure = (float)Math.Log(0.9 / 0.1), unsure = (float)Math.Log(0.55 / 0.45);

        Assert.Equal((0.9 + 0.45) / 2, ClassificationScore.Of([sure, 0, unsure, 0], [1, 0], 2).CalibrationError, 1e-6);
    }

    [Fact]
    public void Large_logits_neither_overflow_nor_vanish()
    {
        var score = ClassificationScore.Of([1000, 0, -1000, 1000], [1, 1], 2);

        Assert.Equal(500, score.Nll, 1e-9);
        Assert.Equal(0.5, score.CalibrationError, 1e-9);
    }

    [Fact]
    public void Numbers_that_do_not_fit_together_are_refused_with_all_of_them()
    {
        Assert.Contains("5 logits, 2 labels and 0 teacher predictions of 3 classes", Assert.Throws<ArgumentException>("logits", () => ClassificationScore.Of(new float[5], [0, 1], 3)).Message, StringComparison.Ordinal);
        Assert.Contains("2 labels and 1 teacher predictions", Assert.Throws<ArgumentException>("logits", () => ClassificationScore.Of(new float[6], [0, 1], 3, [0])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("logits", () => ClassificationScore.Of([], [], 3));
    }

    [Fact]
    public void A_naive_count_gives_the_same_on_any_logits() =>
        Gen.Select(Gen.Int[2, 12], Gen.Int[1, 60]).SelectMany((classes, count) => Gen.Select(
            Gen.Const(classes),
            Gen.Select(Gen.Int[-3, 3], Gen.Double[0, 0.5]).Array[classes * count],
            Gen.Int[0, classes - 1].Array[count],
            Gen.Int[0, classes - 1].Array[count])).Sample(
            (classes, drawn, labels, teacher) =>
            {
                // Many whole numbers, so that ties occur.
                float[] logits = [.. drawn.Select(number => number.Item2 < 0.25 ? number.Item1 : (float)(number.Item1 + number.Item2))];
                var score = ClassificationScore.Of(logits, labels, classes, teacher);
                var naive = new NaiveScore(logits, labels, classes);

                Assert.Equal(naive.Top(1), score.Top1, 1e-12);
                Assert.Equal(naive.Top(5), score.Top5, 1e-12);
                Assert.Equal(naive.Nll(), score.Nll, 1e-9);
                Assert.Equal(naive.CalibrationError(), score.CalibrationError, 1e-9);
                Assert.Equal(labels.Length - (int)Math.Round(naive.Top(1) * labels.Length), score.Errors);
                Assert.Equal(naive.Predictions.Zip(teacher).Count(pair => pair.First == pair.Second) / (double)labels.Length, score.Agreement!.Value, 1e-12);
                Assert.All(labels.Zip(naive.Predictions).CountBy(pair => pair), cell => Assert.Equal(cell.Value, score.Confusion[cell.Key.First][cell.Key.Second]));
                Assert.Equal(labels.Length, score.Confusion.Sum(row => row.Sum()));
            },
            iter: 500);
}
