using DistillSharp.Graph;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;
using DistillSharp.TestKit;
using DistillSharp.Training;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Training;

public sealed class TrainingStateTests
{
    [Fact]
    public void The_state_of_another_model_is_refused_with_file_and_sizes()
    {
        using var folder = new TemporaryFolder();
        Train(folder, SmallRun.Mlp(4));

        // 192 inputs: 4 units and 3 classes are 192 * 4 + 4 + 4 * 3 + 3 weights, 5 units 192 * 5 + 5 + 5 * 3 + 3.
        Refused(folder, SmallRun.Mlp(5), "'weights' has 787 elements instead of 983. Resume with the recipe the run was started with");
    }

    [Theory]
    [InlineData("optimizer.momentum", "'optimizer.momentum' has 1 elements instead of 787")]
    [InlineData("average", "'average' has 1 elements instead of 787")]
    [InlineData("statistics", "'statistics' has 1 elements instead of 0")]
    public void A_part_of_another_size_is_refused_by_name(string part, string says)
    {
        using var folder = new TemporaryFolder();
        Train(folder, SmallRun.Mlp(4));
        var (tensors, texts) = SafetensorsFile.Read(folder["state.safetensors"]);
        Assert.Contains(part, tensors.Keys);
        SafetensorsFile.Write(folder["state.safetensors"], new Dictionary<string, TensorData>(tensors) { [part] = TensorData.Create<float>([1], 1) }, texts);

        Refused(folder, SmallRun.Mlp(4), says);
    }

    [Fact]
    public void A_part_that_is_missing_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        Train(folder, SmallRun.Mlp(4));
        var (tensors, texts) = SafetensorsFile.Read(folder["state.safetensors"]);
        SafetensorsFile.Write(folder["state.safetensors"], tensors.Where(pair => pair.Key != "average").ToDictionary(), texts);

        Refused(folder, SmallRun.Mlp(4), "'average' has 0 elements instead of 787");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"Epoch\": \"two\"}")]
    public void A_state_without_a_position_is_refused_with_what_to_do(string? position)
    {
        using var folder = new TemporaryFolder();
        Train(folder, SmallRun.Mlp(4));
        var (tensors, _) = SafetensorsFile.Read(folder["state.safetensors"]);
        SafetensorsFile.Write(folder["state.safetensors"], tensors, position is null ? [] : new Dictionary<string, string> { ["position"] = position });

        Refused(folder, SmallRun.Mlp(4), "holds no position of a run. Delete the run's folder");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(2000)]
    public void A_truncated_state_is_refused_by_name(int length)
    {
        using var folder = new TemporaryFolder();
        Train(folder, SmallRun.Mlp(4));
        byte[] whole = File.ReadAllBytes(folder["state.safetensors"]);
        folder.Write("state.safetensors", whole[..length]);

        Refused(folder, SmallRun.Mlp(4), "state.safetensors'");
    }

    [Fact]
    public void A_score_that_is_no_number_can_be_saved_and_read()
    {
        using var folder = new TemporaryFolder();
        using var executor = new DistillSharp.Execution.GraphExecutor(SmallRun.Mlp(4));
        using var network = new TrainedNetwork(executor, new(), PluginCatalogs.BuiltIn);
        var position = new TrainingPosition();
        position.Add(Observers.EpochResults.Row(1, 0.1, double.NaN));

        TrainingState.Save(folder["state"], network, position, []);

        Assert.Equal(double.NaN, TrainingState.Load(folder["state"], network, []).Curve[0].ValidationLoss);
    }

    [Fact]
    public void Without_a_state_a_resumed_run_starts_anew()
    {
        using var folder = new TemporaryFolder();
        var watcher = new WatchingObserver();
        new Trainer(SmallRun.Setup(SmallRun.Mlp(4), new() { Epochs = 1, Batch = 4 }, folder.Path, watcher) with { Resume = true }).Train(TestContext.Current.CancellationToken);

        Assert.Equal(0, watcher.Starts[0].FirstStep);
    }

    private static ClassificationSetup Setup(TemporaryFolder folder, ModelGraph graph) => SmallRun.Setup(graph, new() { Epochs = 1, Batch = 4, EmaDecay = 0.9 }, folder.Path);

    private static void Train(TemporaryFolder folder, ModelGraph graph) => new Trainer(Setup(folder, graph)).Train(TestContext.Current.CancellationToken);

    private static void Refused(TemporaryFolder folder, ModelGraph graph, string says)
    {
        var error = Assert.Throws<GraphException>(() => new Trainer(Setup(folder, graph) with { Resume = true }).Train(TestContext.Current.CancellationToken));
        Assert.Contains(folder["state.safetensors"], error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }
}
