using DistillSharp.Tests.Observers;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

public sealed class TrainingPositionTests
{
    [Fact]
    public void Without_a_standard_error_the_best_epoch_has_the_highest_score_then_the_lowest_loss_then_is_the_earliest()
    {
        var position = new TrainingPosition();

        Assert.True(position.Add(EpochResults.Row(1, 0.5, 2)));
        Assert.True(position.Add(EpochResults.Row(2, 0.6, 9)));
        Assert.False(position.Add(EpochResults.Row(3, 0.5, 1)));
        Assert.True(position.Add(EpochResults.Row(4, 0.6, 8)));
        Assert.False(position.Add(EpochResults.Row(5, 0.6, 8)));
        Assert.Equal((4, 1), (position.BestEpochNumber, position.SinceBest));
    }

    /// <summary>A run on 40 held-out images: the fifth epoch was kept, 41 % of the test images right; the tenth got 66 %.</summary>
    [Fact]
    public void The_best_epoch_is_the_latest_within_one_standard_error_of_the_highest_score()
    {
        var position = new TrainingPosition();
        double[] scores = [0.25, 0.4, 0.525, 0.55, 0.7, 0.6, 0.575, 0.6, 0.625, 0.675];
        bool[] kept = [.. scores.Select((score, i) => position.Add(Binomial(i + 1, score, 40)))];

        // One standard error of 0.7 is 0.0725: 0.6275 is needed.
        Assert.Equal([true, true, true, true, true, false, false, false, false, true], kept);
        Assert.Equal((10, 5), (position.BestEpochNumber, position.SinceBest));
    }

    [Fact]
    public void The_same_scores_on_many_images_keep_the_highest()
    {
        var position = new TrainingPosition();
        Assert.True(position.Add(Binomial(1, 0.7, 4000)));
        Assert.False(position.Add(Binomial(2, 0.675, 4000)));
        Assert.True(position.Add(Binomial(3, 0.695, 4000)));

        // The highest is still 0.7, not the one that is kept.
        Assert.False(position.Add(Binomial(4, 0.69, 4000)));
        Assert.Equal((3, 3), (position.BestEpochNumber, position.SinceBest));
    }

    [Fact]
    public void Of_epochs_with_everything_right_the_latest_is_kept()
    {
        var position = new TrainingPosition();
        Assert.True(position.Add(Binomial(1, 1, 40)));
        Assert.True(position.Add(Binomial(2, 1, 40)));
        Assert.False(position.Add(Binomial(3, 0.975, 40)));
        Assert.Equal((2, 2), (position.BestEpochNumber, position.SinceBest));
    }

    [Fact]
    public void Epochs_that_were_not_evaluated_count_neither_for_the_best_nor_for_patience()
    {
        var position = new TrainingPosition();
        position.Add(EpochResults.Row(1, null, null));
        Assert.True(position.Add(EpochResults.Row(2, 0.1, 5)));
        Assert.False(position.Add(EpochResults.Row(3, null, null)));
        Assert.Equal((2, 0), (position.BestEpochNumber, position.SinceBest));
        Assert.False(position.Add(EpochResults.Row(4, 0.05, 5)));
        Assert.Equal((2, 1), (position.BestEpochNumber, position.SinceBest));
    }

    [Fact]
    public void Without_held_out_pictures_the_latest_is_the_best()
    {
        var position = new TrainingPosition();
        position.Add(EpochResults.Row(1, null, null));
        position.Add(EpochResults.Row(2, null, null));
        Assert.Equal(2, position.BestEpochNumber);
    }

    private static EpochResult Binomial(int number, double score, int images) => EpochResults.Row(number, score, 1, Math.Sqrt(score * (1 - score) / images));
}
