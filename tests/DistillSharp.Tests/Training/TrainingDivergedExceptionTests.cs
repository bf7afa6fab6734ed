using DistillSharp.TestKit;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

public sealed class TrainingDivergedExceptionTests
{
    /// <summary>Three steps an epoch, and one forward before the first for the check: the fifth step is the sixth call.</summary>
    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void A_loss_that_is_no_number_stops_the_run_and_the_last_good_weights_stay(double value, string says)
    {
        using var folder = new TemporaryFolder();
        var (error, watcher, kept) = Diverge(folder, call: 6, (student, _) => student.square().sum() * value);

        Assert.Contains($"Training of the student stopped at step 5 (epoch 2): the loss became {says}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"kept in '{folder["weights", "last.onnx"]}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Lower the learning rate", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, error.Step);
        Assert.Equal(4, watcher.Steps.Count);
        Assert.Equal(1, watcher.Ends);
        Assert.Equal(kept, File.ReadAllBytes(folder["weights", "last.onnx"]));
    }

    [Fact]
    public void Weights_spoilt_by_an_epochs_last_step_do_not_replace_the_good_ones()
    {
        // The loss is finite, its slope is not: sqrt at 0. The seventh call is the sixth step, the last of epoch 2.
        using var folder = new TemporaryFolder();
        var (error, _, kept) = Diverge(folder, call: 7, (student, _) => (student * 0).sqrt().sum());

        Assert.Contains("stopped at step 6 (epoch 2): its weights became NaN or infinite", error.Message, StringComparison.Ordinal);
        Assert.Equal(kept, File.ReadAllBytes(folder["weights", "last.onnx"]));
    }

    [Fact]
    public void In_the_first_epoch_there_is_nothing_to_keep()
    {
        using var folder = new TemporaryFolder();
        var (error, _, _) = Diverge(folder, call: 3, (student, _) => student.sum() * double.NaN);

        Assert.Contains("step 2 (epoch 1)", error.Message, StringComparison.Ordinal);
        Assert.Contains("No epoch was finished before", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["weights", "last.onnx"]));
    }

    private static (TrainingDivergedException Error, WatchingObserver Watcher, byte[] Kept) Diverge(TemporaryFolder folder, int call, Func<Tensor, Tensor, Tensor> formula)
    {
        int calls = 0;
        byte[] kept = [];
        var watcher = new WatchingObserver { AtEpoch = _ => kept = File.ReadAllBytes(folder["weights", "last.onnx"]) };
        using var teacher = new StubTeacher(batch => zeros(batch.Count, SmallRun.Classes), SmallRun.Classes);
        var loss = new BadLoss((student, target) => ++calls == call ? formula(student, target) : (student - target).square().mean());
        var setup = SmallRun.Setup(SmallRun.Mlp(4), new() { Epochs = 3, Batch = 4 }, folder.Path, watcher) with { Objective = new(0, 0, teacher, [("bad", loss)]) };
        var error = Assert.Throws<TrainingDivergedException>(() => new Trainer(setup).Train(TestContext.Current.CancellationToken));
        return (error, watcher, kept);
    }
}
