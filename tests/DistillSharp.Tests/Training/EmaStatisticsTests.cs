using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Tasks.Data;
using DistillSharp.TestKit;
using DistillSharp.Training;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Training;

/// <summary>The running statistics in a file of averaged weights are those of the averaged weights.</summary>
public sealed class EmaStatisticsTests
{
    [Fact]
    public void By_default_they_are_those_of_the_averaged_weights_on_the_first_training_batches()
    {
        var trained = Train(new() { Epochs = 3, Batch = 4, EmaDecay = 0.9 });

        using var executor = new GraphExecutor(trained);
        var loader = new BatchLoader(SmallRun.Pictures(10), new() { Input = SmallRun.Card.Input, BatchSize = 4, Shuffle = true, Seed = 42, Workers = 0 });
        executor.RecomputeStatistics(loader.Epoch(0).Select(batch => BatchTensors.Pixels(batch, executor)));
        var expected = trained.Clone();
        executor.WriteTo(expected);

        Assert.Equal(Statistics(expected), Statistics(trained));
        Assert.NotEqual(Statistics(Train(new() { Epochs = 3, Batch = 4, EmaDecay = 0.9, EmaStatistics = EmaStatistics.Averaged })), Statistics(trained));
    }

    [Fact]
    public void They_do_not_disturb_training()
    {
        using TemporaryFolder with = new(), without = new();
        Train(new() { Epochs = 3, Batch = 4, EmaDecay = 0.9 }, with.Path);
        Train(new() { Epochs = 3, Batch = 4 }, without.Path);
        var (averaged, _) = SafetensorsFile.Read(with["state.safetensors"]);
        var (plain, _) = SafetensorsFile.Read(without["state.safetensors"]);

        Assert.All(plain, pair => Assert.Equal(pair.Value.Bytes.ToArray(), averaged[pair.Key].Bytes.ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_resumed_run_writes_the_same_file(int stopAt)
    {
        using TemporaryFolder whole = new(), broken = new();
        var options = new TrainingOptions { Epochs = 3, Batch = 4, EmaDecay = 0.9 };
        Train(options, whole.Path);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Train(options, broken.Path, stop, new WatchingObserver { AtStep = at => { if (at.Step == stopAt) { stop.Cancel(); } } }));
        Train(options, broken.Path);

        Assert.Equal(File.ReadAllBytes(whole["weights", "last.onnx"]), File.ReadAllBytes(broken["weights", "last.onnx"]));
        Assert.Equal(File.ReadAllBytes(whole["weights", "best.onnx"]), File.ReadAllBytes(broken["weights", "best.onnx"]));
    }

    private static ModelGraph Train(TrainingOptions options, string? folder = null, CancellationTokenSource? stop = null, params WatchingObserver[] observers)
    {
        var graph = SmallRun.Drawn("wrn-16-1", new WideResNetOptions { Classes = SmallRun.Classes, Height = 8, Width = 8 });
        return OnnxFile.Load(new Trainer(SmallRun.Setup(graph, options, folder, observers) with { Resume = true }).Train(stop?.Token ?? TestContext.Current.CancellationToken).Model);
    }

    private static float[] Statistics(ModelGraph graph) =>
        [.. graph.Initializers.Where(weight => weight.Name.Contains("running_", StringComparison.Ordinal)).SelectMany(weight => weight.Data.AsSpan<float>().ToArray())];
}
