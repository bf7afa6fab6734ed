using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Training;

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

    private static float[] Values(ModelGraph graph, string name) => graph.FindInitializer(name)!.Data.AsSpan<float>().ToArray();
}
