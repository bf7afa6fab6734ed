using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Plugins;
using DistillSharp.Runtime;
using DistillSharp.TestKit;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

public sealed class TrainerTests
{
    private static readonly PluginChoice<Optimizer> s_plain = new("sgd", new SgdOptions { LearningRate = 1, Momentum = 0, WeightDecay = 0 });

    [Fact]
    public void It_learns_and_the_files_are_the_result()
    {
        using var folder = new TemporaryFolder();
        var watcher = new WatchingObserver();
        var setup = SmallRun.Setup(SmallRun.Mlp(16), new() { Epochs = 12, Batch = 4, Schedule = new("constant") }, folder.Path, watcher) with { HeldOut = null };

        var result = new Trainer(setup).Train(TestContext.Current.CancellationToken);

        Assert.True(result.Curve[^1].Loss < 0.5 * result.Curve[0].Loss, $"{result.Curve[0].Loss} became {result.Curve[^1].Loss}");
        Assert.Equal(1, result.Curve[^1].TrainAccuracy);
        Assert.Equal(12, result.BestEpochNumber);
        Assert.False(result.StoppedEarly);
        Assert.Equal(result.Model, File.ReadAllBytes(folder["weights", "best.onnx"]));
        Assert.Equal(result.Model, File.ReadAllBytes(folder["weights", "last.onnx"]));
        Assert.Equal((1, 12, 1), (watcher.Starts.Count, watcher.Epochs.Count, watcher.Ends));
        Assert.Equal(Enumerable.Range(1, 36).Select(step => (long)step), watcher.Steps.Select(step => step.Step));
        Assert.Equal([4, 4, 2], watcher.Steps.Take(3).Select(step => step.ImageCount));
        using var session = ModelSession.Open(folder["weights", "best.onnx"], new() { Threads = 1 });
        Assert.Equal(SmallRun.Card.ClassNames, session.Card!.ClassNames);
    }

    [Fact]
    public void The_graph_given_is_not_changed()
    {
        var graph = SmallRun.Mlp(4);
        byte[] before = OnnxFile.Serialize(graph);

        var result = new Trainer(SmallRun.Setup(graph, new() { Epochs = 1, Batch = 4 })).Train(TestContext.Current.CancellationToken);

        Assert.Equal(before, OnnxFile.Serialize(graph));
        Assert.NotEqual(before, result.Model);
    }

    [Fact]
    public void The_best_epochs_file_is_kept_while_the_last_goes_on()
    {
        using var folder = new TemporaryFolder();
        var lasts = new List<byte[]>();
        var watcher = new WatchingObserver { AtEpoch = _ => lasts.Add(File.ReadAllBytes(folder["weights", "last.onnx"])) };
        var setup = SmallRun.Setup(SmallRun.Mlp(4), new() { Epochs = 8, Batch = 2, Schedule = new("constant") }, folder.Path, watcher) with { HeldOut = SmallRun.Pictures(9, seed: 1, mislabelled: true) };

        var result = new Trainer(setup).Train(TestContext.Current.CancellationToken);

        int best = result.Curve.OrderByDescending(row => row.ValidationScore).ThenBy(row => row.ValidationLoss).ThenBy(row => row.EpochNumber).First().EpochNumber;
        Assert.InRange(best, 1, 7);
        Assert.Equal(best, result.BestEpochNumber);
        Assert.Equal(lasts[best - 1], File.ReadAllBytes(folder["weights", "best.onnx"]));
        Assert.Equal(lasts[7], File.ReadAllBytes(folder["weights", "last.onnx"]));
        Assert.NotEqual(lasts[7], result.Model);
    }

    [Fact]
    public void Training_stops_when_patience_runs_out()
    {
        // A learning rate too small to change a float32: the score never gets better, and of equal epochs the latest is kept.
        var options = new TrainingOptions { Epochs = 20, Batch = 4, Patience = 3, Optimizer = new("sgd", new SgdOptions { LearningRate = 1e-30, Momentum = 0, WeightDecay = 0 }) };

        var result = new Trainer(SmallRun.Setup(SmallRun.Mlp(4), options)).Train(TestContext.Current.CancellationToken);

        Assert.Equal((4, 4, true), (result.Curve.Count, result.BestEpochNumber, result.StoppedEarly));
    }

    [Fact]
    public void Evaluation_comes_every_nth_epoch_and_at_the_end()
    {
        var result = new Trainer(SmallRun.Setup(SmallRun.Mlp(4), new() { Epochs = 7, Batch = 4, ValidateEvery = 3 })).Train(TestContext.Current.CancellationToken);

        Assert.Equal([3, 6, 7], result.Curve.Where(row => row.ValidationScore is not null).Select(row => row.EpochNumber));
        Assert.Contains(result.BestEpochNumber, new[] { 3, 6, 7 });
    }

    [Fact]
    public void The_rate_warms_up_in_equal_parts_and_never_above_itself()
    {
        double[] rates = Rates(new() { Epochs = 2, Batch = 4, WarmupEpochs = 1, Schedule = new("constant"), Optimizer = s_plain });
        Assert.Equal([1 / 3.0, 2 / 3.0, 1, 1, 1, 1], rates, (a, b) => Math.Abs(a - b) < 1e-12);

        // Half an epoch of three steps is one and a half: the second step would be at 4 / 3.
        Assert.Equal([2 / 3.0, 1, 1], Rates(new() { Epochs = 1, Batch = 4, WarmupEpochs = 0.5, Schedule = new("constant"), Optimizer = s_plain }), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void The_schedule_runs_over_all_steps()
    {
        double[] rates = Rates(new() { Epochs = 2, Batch = 4, Schedule = new("cosine"), Optimizer = s_plain });

        Assert.Equal(Enumerable.Range(0, 6).Select(step => 0.5 * (1 + Math.Cos(Math.PI * step / 6))), rates, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_gradient_above_the_bound_is_shortened_to_it()
    {
        // One step of plain descent at rate 1 moves the weights by the gradient itself.
        double free = Moved(clip: 0), bound = free / 3;

        Assert.Equal(bound, Moved(bound), bound * 1e-4);
        Assert.Equal(free, Moved(free * 1.01), free * 1e-6);
    }

    [Fact]
    public void The_norm_of_each_units_weights_stays_below_the_bound()
    {
        var result = new Trainer(SmallRun.Setup(SmallRun.Mlp(6), new() { Epochs = 2, Batch = 4, MaxNorm = 0.5 })).Train(TestContext.Current.CancellationToken);
        var weight = OnnxFile.Load(result.Model).FindInitializer("fc1.weight")!.Data;

        float[] values = weight.AsSpan<float>().ToArray();
        Assert.All(values.Chunk((int)weight.Shape[1]), row => Assert.InRange(Math.Sqrt(row.Sum(value => (double)value * value)), 0.01, 0.5 + 1e-5));
    }

    [Fact]
    public void The_averaged_weights_are_what_is_written_and_evaluated()
    {
        // One step an epoch: without an average, last.onnx holds the weights after each step.
        using var folder = new TemporaryFolder();
        var graph = SmallRun.Mlp(4);
        var steps = new List<float[]>();
        var options = new TrainingOptions { Epochs = 5, Batch = 10, Optimizer = s_plain };
        var watcher = new WatchingObserver { AtEpoch = _ => steps.Add(WeightOf(OnnxFile.Load(folder["weights", "last.onnx"]))) };
        new Trainer(SmallRun.Setup(graph, options, folder.Path, watcher)).Train(TestContext.Current.CancellationToken);
        var averaged = new Trainer(SmallRun.Setup(graph, options with { EmaDecay = 0.3 }) with { HeldOut = null }).Train(TestContext.Current.CancellationToken);

        double[] expected = [.. WeightOf(graph).Select(value => (double)value)];
        for (int step = 0; step < steps.Count; step++)
        {
            double now = Math.Min(0.3, (1.0 + step) / (10 + step));
            expected = [.. expected.Zip(steps[step], (average, value) => (now * average) + ((1 - now) * value))];
        }

        Assert.Equal(expected, WeightOf(OnnxFile.Load(averaged.Model)).Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.NotEqual(steps[^1], WeightOf(OnnxFile.Load(averaged.Model)));
    }

    [Theory]
    [InlineData("hard")]
    [InlineData("kd")]
    public void The_same_seed_gives_the_same_bytes_and_another_gives_others(string kind)
    {
        byte[] Run(long seed) => new Trainer(ResumeSetups.Full(kind, "sgd", null) with { Seed = seed }).Train().Model;

        byte[] first = Run(1);
        Assert.Equal(first, Run(1));
        Assert.NotEqual(first, Run(2));
    }

    private static float[] WeightOf(ModelGraph graph) => graph.FindInitializer("fc1.weight")!.Data.AsSpan<float>().ToArray();

    private static double[] Rates(TrainingOptions options)
    {
        var watcher = new WatchingObserver();
        new Trainer(SmallRun.Setup(SmallRun.Mlp(4), options, null, watcher)).Train(TestContext.Current.CancellationToken);
        Assert.Equal(watcher.Steps[^1].LearningRate, watcher.Epochs[^1].LearningRate);
        return [.. watcher.Steps.Select(step => step.LearningRate)];
    }

    private static double Moved(double clip)
    {
        var graph = SmallRun.Mlp(4);
        var options = new TrainingOptions { Epochs = 1, Batch = 10, ClipNorm = clip, Optimizer = s_plain, Schedule = new("constant") };
        var trained = OnnxFile.Load(new Trainer(SmallRun.Setup(graph, options)).Train(TestContext.Current.CancellationToken).Model);
        return Math.Sqrt(graph.Initializers.Where(weight => weight.Trainable).Sum(weight => Squares(weight.Data, trained.FindInitializer(weight.Name)!.Data)));
    }

    private static double Squares(TensorData a, TensorData b) => a.AsSpan<float>().ToArray().Zip(b.AsSpan<float>().ToArray(), (x, y) => Math.Pow((double)x - y, 2)).Sum();
}
