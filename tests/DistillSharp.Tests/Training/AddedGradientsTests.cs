using DistillSharp.Graph.Format;
using DistillSharp.Observers;
using DistillSharp.Plugins;
using DistillSharp.TestKit;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

/// <summary>Gradients of several batches that make one step of the optimiser.</summary>
public sealed class AddedGradientsTests
{
    private static readonly PluginChoice<Optimizer> s_plain = new("sgd", new SgdOptions { LearningRate = 0.5, Momentum = 0, WeightDecay = 0 });

    [Fact]
    public void Two_batches_added_up_are_the_batch_of_both()
    {
        // The loss is a mean over the batch, so halves added up count twice: half the rate makes up for it.
        var graph = SmallRun.Mlp(4);
        var data = SmallRun.Pictures(10);
        var options = new TrainingOptions { Epochs = 1, Batch = 10, Schedule = new("constant"), Optimizer = s_plain };
        var whole = Train(options);
        var halves = Train(options with { Batch = 5, NominalBatch = 10, Optimizer = new("sgd", new SgdOptions { LearningRate = 0.25, Momentum = 0, WeightDecay = 0 }) });

        Assert.Equal(whole.Length, halves.Length);
        for (int i = 0; i < whole.Length; i++)
        {
            Assert.Equal(whole[i], halves[i], 1e-5f);
        }

        Assert.NotEqual(graph.FindInitializer("fc1.weight")!.Data.AsSpan<float>().ToArray(), whole);

        float[] Train(TrainingOptions how) =>
            OnnxFile.Load(new Trainer(SmallRun.Setup(graph, how) with { Data = data, HeldOut = null }).Train(TestContext.Current.CancellationToken).Model).FindInitializer("fc1.weight")!.Data.AsSpan<float>().ToArray();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_run_stopped_between_two_added_batches_goes_on_with_the_first_ones_gradient(int stopAt)
    {
        using var whole = new TemporaryFolder();
        using var broken = new TemporaryFolder();
        new Trainer(Setup(whole.Path)).Train(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var stopper = new WatchingObserver { AtStep = at => { if (at.Step == stopAt) { stop.Cancel(); } } };
        Assert.ThrowsAny<OperationCanceledException>(() => new Trainer(Setup(broken.Path, stopper)).Train(stop.Token));

        new Trainer(Setup(broken.Path) with { Resume = true }).Train(TestContext.Current.CancellationToken);

        Assert.Equal(File.ReadAllBytes(whole["weights", "last.onnx"]), File.ReadAllBytes(broken["weights", "last.onnx"]));
    }

    [Fact]
    public void Averages_of_statistics_and_a_time_constant_survive_an_interruption()
    {
        using var whole = new TemporaryFolder();
        using var broken = new TemporaryFolder();
        new Trainer(Averaged(whole.Path)).Train(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var stopper = new WatchingObserver { AtStep = at => { if (at.Step == 4) { stop.Cancel(); } } };
        Assert.ThrowsAny<OperationCanceledException>(() => new Trainer(Averaged(broken.Path, stopper)).Train(stop.Token));

        new Trainer(Averaged(broken.Path) with { Resume = true }).Train(TestContext.Current.CancellationToken);

        Assert.Equal(File.ReadAllBytes(whole["weights", "last.onnx"]), File.ReadAllBytes(broken["weights", "last.onnx"]));
        static ClassificationSetup Averaged(string folder, params TrainingObserver[] observers)
        {
            var full = ResumeSetups.Full("hard", "sgd", folder, observers);
            return full with { Options = full.Options with { EmaTau = 5, EmaStatistics = true, WarmupBiasRate = 0.1, WarmupMomentum = 0.5 } };
        }
    }

    private static ClassificationSetup Setup(string folder, params TrainingObserver[] observers) =>
        SmallRun.Setup(SmallRun.Mlp(4), new() { Epochs = 3, Batch = 4, NominalBatch = 8, Optimizer = new("sgd", new SgdOptions()) }, folder, observers);
}
