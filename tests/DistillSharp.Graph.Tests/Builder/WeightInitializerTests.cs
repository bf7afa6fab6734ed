using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Tests.Builder;

public sealed class WeightInitializerTests
{
    private const int Count = 100_000;

    [Fact]
    public void A_weight_is_a_function_of_seed_and_name_alone()
    {
        float[] alone = Draw(3, ("b", Initialization.Normal(1)))["b"];
        var beside = Draw(3, ("a", Initialization.Uniform(1)), ("b", Initialization.Normal(1)), ("c", Initialization.Normal(1)));

        Assert.Equal(alone, beside["b"]);
        Assert.NotEqual(alone, beside["c"]);
        Assert.NotEqual(alone, Draw(4, ("b", Initialization.Normal(1)))["b"]);
        Assert.NotEqual(alone, Draw(-3, ("b", Initialization.Normal(1)))["b"]);
    }

    [Fact]
    public void Two_weights_are_not_correlated()
    {
        var drawn = Draw(1, ("layer1.0.conv1.weight", Initialization.Normal(1)), ("layer1.0.conv2.weight", Initialization.Normal(1)));

        double correlation = drawn["layer1.0.conv1.weight"].Zip(drawn["layer1.0.conv2.weight"], (a, b) => (double)a * b).Average();
        Assert.InRange(correlation, -5 / Math.Sqrt(Count), 5 / Math.Sqrt(Count));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(2)]
    public void A_normal_weight_has_mean_zero_its_deviation_and_normal_tails(double deviation) => CheckNormal(Initialization.Normal(deviation), deviation);

    [Fact]
    public void Kaiming_by_fan_out_has_the_deviation_of_the_paper() => CheckNormal(Initialization.KaimingFanOut(16 * 3 * 3), 0.117851130197758);

    [Fact]
    public void A_uniform_weight_fills_its_range_evenly()
    {
        float[] drawn = Draw(11, ("w", Initialization.Uniform(0.5)))["w"];

        Assert.All(drawn, value => Assert.InRange(value, -0.5f, 0.5f));
        Assert.InRange(drawn.Average(), -5 * 0.5 / Math.Sqrt(3 * Count), 5 * 0.5 / Math.Sqrt(3 * Count));
        Assert.Equal(0.25 / 3, drawn.Average(value => (double)value * value), 0.001);
        Assert.All(Enumerable.Range(0, 10), bin => Assert.Equal(0.1, Share(drawn, value => value >= -0.5 + (0.1 * bin) && value < -0.4 + (0.1 * bin)), 0.005));
    }

    [Fact]
    public void The_default_of_PyTorch_is_uniform_within_the_root_of_the_fan_in() =>
        Assert.Equal(new(InitializationKind.Uniform, 0.2), Initialization.TorchDefault(25));

    [Fact]
    public void A_constant_weight_is_that_constant() => Assert.All(Draw(1, ("w", Initialization.Constant(1.5)))["w"], value => Assert.Equal(1.5f, value));

    [Fact]
    public void What_says_nothing_of_its_initialisation_is_left_alone()
    {
        var graph = new ModelGraph();
        graph.Add(new("w", TensorData.Create<float>([7, 8], 2), trainable: true));
        graph.Add(new("shape", TensorData.Create<long>([7], 1), trainable: false) { Initialization = Initialization.Constant(0) });

        WeightInitializer.Draw(graph, 1);

        Assert.Equal([7f, 8f], graph.FindInitializer("w")!.Data.AsSpan<float>().ToArray());
        Assert.Equal(7, graph.FindInitializer("shape")!.Data.AsSpan<long>()[0]);
    }

    [Fact]
    public void A_saved_model_can_be_drawn_anew_to_the_same_weights()
    {
        var graph = DistillSharp.Graph.Zoo.ResNet.ResNet8(new());
        var read = OnnxFile.Load(OnnxFile.Serialize(graph));

        WeightInitializer.Draw(graph, 5);
        WeightInitializer.Draw(read, 5);

        GraphAssert.Equal(graph, read);
        Assert.NotEqual(0, graph.FindInitializer("fc.weight")!.Data.AsSpan<float>()[0]);
    }

    private static void CheckNormal(Initialization initialization, double deviation)
    {
        float[] drawn = Draw(7, ("w", initialization))["w"];

        Assert.InRange(drawn.Average(), -5 * deviation / Math.Sqrt(Count), 5 * deviation / Math.Sqrt(Count));
        Assert.Equal(deviation, Math.Sqrt(drawn.Average(value => (double)value * value)), 5 * deviation / Math.Sqrt(2 * Count));
        Assert.Equal(0.6827, Share(drawn, value => Math.Abs(value) < deviation), 0.008);
        Assert.Equal(0.0027, Share(drawn, value => Math.Abs(value) > 3 * deviation), 0.0009);
    }

    private static double Share(float[] values, Func<float, bool> condition) => (double)values.Count(condition) / values.Length;

    private static Dictionary<string, float[]> Draw(long seed, params (string Name, Initialization Initialization)[] weights)
    {
        var graph = new ModelGraph();
        foreach (var (name, initialization) in weights)
        {
            graph.Add(new(name, TensorData.Create<float>(new float[Count], Count), trainable: true) { Initialization = initialization });
        }

        WeightInitializer.Draw(graph, seed);
        return graph.Initializers.ToDictionary(initializer => initializer.Name, initializer => initializer.Data.AsSpan<float>().ToArray());
    }
}
