using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

public sealed class FrozenModulesTests
{
    [Fact]
    public void A_frozen_modules_weights_stay_and_the_others_move()
    {
        var graph = SmallRun.Mlp(4);
        var options = new TrainingOptions { Epochs = 1, Batch = 4, Freeze = ["fc1"] };

        var trained = OnnxFile.Load(new Trainer(SmallRun.Setup(graph, options)).Train(TestContext.Current.CancellationToken).Model);

        Assert.Equal(Values(graph, "fc1.weight"), Values(trained, "fc1.weight"));
        Assert.Equal(Values(graph, "fc1.bias"), Values(trained, "fc1.bias"));
        Assert.NotEqual(Values(graph, "fc2.weight"), Values(trained, "fc2.weight"));
        Assert.True(trained.FindInitializer("fc1.weight")!.Trainable);
    }

    [Fact]
    public void A_module_that_is_not_there_is_refused_with_a_name_that_is()
    {
        var error = Assert.Throws<GraphException>(() => FrozenModules.Of(SmallRun.Mlp(4), ["fc"]));

        Assert.Contains("'fc'", error.Message, StringComparison.Ordinal);
        Assert.Contains("fc1.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Freezing_everything_is_refused() => Assert.Throws<GraphException>(() => FrozenModules.Of(SmallRun.Mlp(4), ["fc1", "fc2"]));

    [Theory]
    [InlineData("stem")]
    [InlineData("stem.bn")]
    [InlineData("stem.bn.weight", "stem.bn.bias")]
    public void A_frozen_norm_evaluates_and_keeps_its_statistics_bit_for_bit(params string[] freeze)
    {
        var graph = Net();
        var options = new TrainingOptions { Epochs = 2, Batch = 4, Freeze = freeze, EmaDecay = 0.9, EmaStatistics = EmaStatistics.Averaged };

        var trained = OnnxFile.Load(new Trainer(SmallRun.Setup(graph, options)).Train(TestContext.Current.CancellationToken).Model);

        foreach (string name in new[] { "stem.bn.weight", "stem.bn.bias", "stem.bn.running_mean", "stem.bn.running_var" })
        {
            Assert.Equal(Values(graph, name), Values(trained, name));
        }

        Assert.NotEqual(Values(graph, "next.bn.running_mean"), Values(trained, "next.bn.running_mean"));
        Assert.NotEqual(Values(graph, "next.bn.weight"), Values(trained, "next.bn.weight"));
    }

    [Fact]
    public void A_frozen_modules_features_are_the_same_in_training_and_in_evaluation()
    {
        var graph = Net();
        using var executor = new GraphExecutor(FrozenModules.Of(graph, ["stem"]), new() { Precision = ElementType.Float64, Wanted = ["stem.bn", "next.bn"] });
        using var x = torch.randn([4, 3, 8, 8], ScalarType.Float64, generator: new Generator(3));

        using var evaluated = executor.Evaluate(x);
        using var trained = executor.Train(x, step: 0);

        Assert.True(trained["stem.bn"].allclose(evaluated["stem.bn"], 1e-12, 1e-12));
        Assert.False(trained["next.bn"].allclose(evaluated["next.bn"], 1e-3, 1e-3));
    }

    [Fact]
    public void Behind_a_frozen_convolution_alone_a_norm_goes_on_moving()
    {
        using var executor = new GraphExecutor(FrozenModules.Of(Net(), ["stem.conv"]));

        Assert.Equal(4, executor.Statistics.Parameters.Count);
    }

    [Fact]
    public void A_norm_without_scale_and_bias_moves_unless_its_module_is_frozen()
    {
        var builder = new GraphBuilder("plain");
        string x = builder.BatchNormPlain("norm", builder.Input(3, 8, 8));
        var graph = builder.Build(builder.Linear("fc", builder.Flatten("flat", builder.GlobalAveragePool("pool", x)), 3));

        using var moving = new GraphExecutor(graph);
        using var frozen = new GraphExecutor(FrozenModules.Of(graph, ["norm"]));

        Assert.Equal((2, 0), (moving.Statistics.Parameters.Count, frozen.Statistics.Parameters.Count));
    }

    [Fact]
    public void The_frozen_norms_of_a_detector_evaluate_and_the_others_move()
    {
        var graph = FrozenModules.Of(Yolo11.Yolo11N(new() { Classes = 2, Height = 64, Width = 64 }), ["model.0", "model.1", "model.2"]);

        using var executor = new GraphExecutor(graph);

        Assert.All(graph.Initializers.Where(one => one.Name.EndsWith(".running_mean", StringComparison.Ordinal)), one =>
            Assert.Equal(one.Name.Split('.')[1] is not ("0" or "1" or "2"), executor.Statistics.Find(one.Name) is not null));
    }

    /// <summary>Two convolutions with norms whose statistics are not fresh.</summary>
    private static ModelGraph Net()
    {
        var builder = new GraphBuilder("net");
        string x = builder.Relu("stem.act", builder.BatchNorm("stem.bn", builder.Conv("stem.conv", builder.Input(3, 8, 8), 4, kernel: 3, padding: 1)));
        x = builder.Relu("next.act", builder.BatchNorm("next.bn", builder.Conv("next.conv", x, 4, kernel: 3, padding: 1)));
        var graph = builder.Build(builder.Linear("fc", builder.Flatten("flat", builder.GlobalAveragePool("pool", x)), 3));
        WeightInitializer.Draw(graph, seed: 5);
        foreach (string norm in new[] { "stem.bn", "next.bn" })
        {
            graph.FindInitializer($"{norm}.running_mean")!.Data = TensorData.Create<float>([0.1f, -0.3f, 0.7f, 0.2f], 4);
            graph.FindInitializer($"{norm}.running_var")!.Data = TensorData.Create<float>([0.3f, 1.7f, 0.9f, 2.1f], 4);
        }

        return graph;
    }

    private static float[] Values(ModelGraph graph, string name) => graph.FindInitializer(name)!.Data.AsSpan<float>().ToArray();
}
