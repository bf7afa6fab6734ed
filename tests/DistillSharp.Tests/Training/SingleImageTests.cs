using DistillSharp.Graph;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

/// <summary>Batch norms need two values for each channel; where the last map is one pixel, a batch of one image has one.</summary>
public sealed class SingleImageTests
{
    [Theory]
    [InlineData("vgg8")]
    [InlineData("shufflenet-v1")]
    public void A_last_batch_of_one_image_does_not_end_a_run(string model)
    {
        var watcher = new WatchingObserver();
        var setup = SmallRun.Setup(Graph(model), new() { Epochs = 2, Batch = 4 }, null, watcher) with { Data = SmallRun.Pictures(9) };

        var result = new Trainer(setup).Train(TestContext.Current.CancellationToken);

        Assert.Equal([4, 5, 4, 5], watcher.Steps.Select(step => step.ImageCount));
        Assert.All(result.Curve, epoch => Assert.True(double.IsFinite(epoch.Loss)));
    }

    [Fact]
    public void Where_every_batch_is_one_image_the_norm_is_named_before_the_first_step()
    {
        var watcher = new WatchingObserver();
        var setup = SmallRun.Setup(Graph("vgg8"), new() { Epochs = 1, Batch = 1 }, null, watcher);

        var error = Assert.Throws<GraphException>(() => new Trainer(setup).Train(TestContext.Current.CancellationToken));

        Assert.Empty(watcher.Steps);
        Assert.Contains("BatchNormalization 'block", error.Message, StringComparison.Ordinal);
        Assert.Contains("one value per channel", error.Message, StringComparison.Ordinal);
        Assert.Contains(", 1, 1]", error.Message, StringComparison.Ordinal);
        Assert.Contains("Use a batch of 2 or more images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_of_which_one_image_can_be_read_is_left_out()
    {
        var watcher = new WatchingObserver();
        var setup = SmallRun.Setup(Graph("vgg8"), new() { Epochs = 2, Batch = 2 }, null, watcher) with { Data = new UnreadableSample(SmallRun.Pictures(8), 3), SkipBad = true };

        var result = new Trainer(setup).Train(TestContext.Current.CancellationToken);

        Assert.Equal([2, 2, 2, 2, 2, 2], watcher.Steps.Select(step => step.ImageCount));
        Assert.All(result.Curve, epoch => Assert.True(double.IsFinite(epoch.Loss)));
    }

    private static ModelGraph Graph(string model) => SmallRun.Drawn(model, new() { Classes = SmallRun.Classes, Height = 8, Width = 8 });
}
