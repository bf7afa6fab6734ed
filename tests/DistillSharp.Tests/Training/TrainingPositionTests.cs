using DistillSharp.Tests.Observers;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

public sealed class TrainingPositionTests
{
    [Fact]
    public void The_best_epoch_has_the_highest_score_then_the_lowest_loss_then_is_the_earliest()
    {
        var position = new TrainingPosition();

        Assert.True(position.Add(EpochResults.Row(1, 0.5, 2)));
        Assert.True(position.Add(EpochResults.Row(2, 0.6, 9)));
        Assert.False(position.Add(EpochResults.Row(3, 0.5, 1)));
        Assert.True(position.Add(EpochResults.Row(4, 0.6, 8)));
        Assert.False(position.Add(EpochResults.Row(5, 0.6, 8)));
        Assert.Equal((4, 1), (position.BestEpochNumber, position.SinceBest));
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
}
