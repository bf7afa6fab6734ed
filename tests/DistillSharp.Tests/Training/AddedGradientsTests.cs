using DistillSharp.Execution;
using DistillSharp.Graph.Format;
using DistillSharp.Losses.Feature;
using DistillSharp.Losses.Response;
using DistillSharp.Native;
using DistillSharp.Observers;
using DistillSharp.Plugins;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;
using DistillSharp.TestKit;
using DistillSharp.Training;
using TorchSharp;

namespace DistillSharp.Tests.Training;

/// <summary>Gradients of several batches that make one step of the optimizer: of the mean over all their images.</summary>
public sealed class AddedGradientsTests
{
    private static readonly PluginChoice<Optimizer> s_plain = new("sgd", new SgdOptions { LearningRate = 0.5, Momentum = 0, WeightDecay = 0 });

    [Theory]
    [InlineData(5, 10)]
    [InlineData(4, 12)]
    [InlineData(3, 12)]
    public void Batches_of_equal_and_of_unequal_size_move_the_weights_as_the_batch_of_all_does(int batch, int nominal)
    {
        var options = new TrainingOptions { Epochs = 1, Batch = 10, Schedule = new("constant"), Optimizer = s_plain };
        float[] whole = Train(options), parts = Train(options with { Batch = batch, NominalBatch = nominal });

        Same(whole, parts);
        Assert.NotEqual(SmallRun.Mlp(4).FindInitializer("fc1.weight")!.Data.AsSpan<float>().ToArray(), whole);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Batches_that_wait_join_the_next_epochs_and_at_the_end_make_a_last_step(int epochs)
    {
        // Ten images in batches of 4, 4 and 2, two batches a step: of the second step one batch comes from the first epoch, or it is the last of all.
        using var executor = new GraphExecutor(SmallRun.Mlp(4));
        var loader = new BatchLoader(SmallRun.Pictures(10), new() { Input = SmallRun.Card.Input, BatchSize = 4, Shuffle = true, Seed = 42, Workers = 0 });
        int images = 0, batches = 0;
        foreach (var batch in Enumerable.Range(0, epochs).SelectMany(epoch => loader.Epoch(epoch)))
        {
            using var pixels = BatchTensors.Pixels(batch, executor);
            using var labels = BatchTensors.Labels(batch, executor);
            using var outputs = executor.Train(pixels, 0);
            using var sum = torch.nn.functional.cross_entropy(outputs[outputs.Names.First()], labels, reduction: torch.nn.Reduction.Sum);
            sum.backward();
            (images, batches) = (images + batch.Count, batches + 1);
            if (batches % 2 == 0 || batches == 3 * epochs)
            {
                using var guard = torch.no_grad();
                executor.Weights.Values.add_(executor.Gradients, Number.Of(-0.5 / images));
                executor.ZeroGradients();
                images = 0;
            }
        }

        var expected = SmallRun.Mlp(4);
        executor.WriteTo(expected);
        Same(expected.FindInitializer("fc1.weight")!.Data.AsSpan<float>().ToArray(), Train(new() { Epochs = epochs, Batch = 4, NominalBatch = 8, Schedule = new("constant"), Optimizer = s_plain }));
    }

    [Fact]
    public void What_is_trained_beside_the_student_takes_the_same_mean()
    {
        var options = new TrainingOptions { Epochs = 2, Batch = 10, Schedule = new("constant"), Optimizer = s_plain };
        var (student, adapter, peer) = TrainWithCompanions(options);
        var (students, adapters, peers) = TrainWithCompanions(options with { Batch = 4, NominalBatch = 12 });

        Same(student, students);
        Same(adapter, adapters);
        Same(peer, peers);
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
            return full with { Options = full.Options with { EmaTau = 5, EmaStatistics = EmaStatistics.Averaged, WarmupBiasRate = 0.1, WarmupMomentum = 0.5 } };
        }
    }

    private static float[] Train(TrainingOptions how) => FirstLayer(new Trainer(SmallRun.Setup(SmallRun.Mlp(4), how) with { HeldOut = null }).Train(TestContext.Current.CancellationToken).Model);

    private static (float[] Student, float[] Adapter, float[] Peer) TrainWithCompanions(TrainingOptions how)
    {
        using var loss = new VidLoss(new());
        using var features = new FeatureTeacher(SmallRun.Classes, 5);
        var setup = SmallRun.Setup(SmallRun.Mlp(4), how) with { HeldOut = null };
        byte[] student = new Trainer(setup with { Objective = new(1, 0, features, [new("vid", loss) { StudentTaps = ["relu1"], TeacherTaps = [FeatureTeacher.Feature] }]) }).Train(TestContext.Current.CancellationToken).Model;
        using var adapter = loss.Adapters[0].Executor.Weights.Values.cpu();

        using var kd = new KdLoss(new());
        using var peers = new PeerTeacher([SmallRun.Mlp(6)], 1, how, [[new KdLoss(new())]], SmallRun.Classes, seed: 3);
        new Trainer(setup with { Objective = new(1, 0, peers, [("kd", kd)]) }).Train(TestContext.Current.CancellationToken);
        return (FirstLayer(student), adapter.data<float>().ToArray(), peers.GraphOf(0).FindInitializer("fc1.weight")!.Data.AsSpan<float>().ToArray());
    }

    private static float[] FirstLayer(byte[] model) => OnnxFile.Load(model).FindInitializer("fc1.weight")!.Data.AsSpan<float>().ToArray();

    private static void Same(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 2e-5f);
        }
    }

    private static ClassificationSetup Setup(string folder, params TrainingObserver[] observers) =>
        SmallRun.Setup(SmallRun.Mlp(4), new() { Epochs = 3, Batch = 4, NominalBatch = 8, Optimizer = new("sgd", new SgdOptions()) }, folder, observers);
}
