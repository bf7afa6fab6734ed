using System.Reflection;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class ZooQuantizationTests
{
    private static readonly Dictionary<string, MethodInfo> s_models = typeof(ModelOptions).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static)).Where(method => method.GetCustomAttribute<ModelAttribute>() is not null)
        .ToDictionary(method => method.GetCustomAttribute<ModelAttribute>()!.Key, StringComparer.Ordinal);

    public static TheoryData<string> Keys => [.. s_models.Where(model => model.Value.GetCustomAttribute<ModelAttribute>()!.Task == "classification").Select(model => model.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_model_quantises_loads_without_a_warning_and_agrees_with_float(string key)
    {
        var graph = Create(key);
        var quantizer = Quantized.Calibrate(graph);

        var int8 = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);

        GraphChecker.Require(int8);
        Assert.Empty(SessionLog.Warnings(int8));
        Assert.Equal(0, quantizer.Plan.FloatLayers);

        // Deep networks of random weights double rounding errors along the way; trained ones do not.
        double difference = Quantized.Difference(quantizer.Prepared, int8);
        TestContext.Current.TestOutputHelper?.WriteLine($"{key}: {quantizer.Plan.Weighted.Count} layers, {-20 * Math.Log10(difference):0.0} dB");
        Assert.InRange(difference, 1e-6, 0.25);
    }

    [Theory]
    [InlineData("mobilenetv2-half")]
    [InlineData("shufflenet-v1")]
    [InlineData("shufflenet-v2")]
    [InlineData("vgg8")]
    [InlineData("wrn-16-1")]
    [InlineData("resnet8x4")]
    [InlineData("resnet20")]
    public void Scaled_to_size_one_all_layers_are_integers_and_the_noise_is_that_of_rounding(string key)
    {
        var graph = Normalized(Create(key));
        var quantizer = Quantized.Calibrate(graph, new() { Quantization = new() { Target = Graph.Quantization.QuantizationTarget.Vnni } });
        var int8 = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);

        // How a network of random weights answers one rounding of its input alone says how much it magnifies: the deeper ones are chaotic.
        double difference = Quantized.Difference(quantizer.Prepared, int8), alone = InputRounding(quantizer.Prepared);
        int roundings = quantizer.Plan.Values.Count + quantizer.Plan.Weighted.Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{key} normalised: {quantizer.Plan.Weighted.Count} layers, {-20 * Math.Log10(difference):0.0} dB; {-20 * Math.Log10(alone):0.0} dB if only the input is rounded; {roundings} roundings");
        Assert.Equal(quantizer.Prepared.Nodes.Count(node => node.Operation is "Conv" or "Gemm" or "MatMul"), quantizer.Plan.Weighted.Count);
        Assert.InRange(difference, 1e-4, Math.Max(0.1, 4 * Math.Sqrt(roundings) * alone));
    }

    /// <summary>How far the answers move if the input is rounded to 256 steps.</summary>
    private static double InputRounding(ModelGraph graph)
    {
        var feeds = PassAssert.Feeds(graph, seed: 5, free: 4);
        string input = graph.Inputs[0].Name;
        double[] exact = PassAssert.Numbers(SessionRun.Run(graph, feeds).Values.First());
        foreach (ref float number in feeds[input].AsSpan<float>())
        {
            number = MathF.Round(number * 127.5f) / 127.5f;
        }

        double[] moved = PassAssert.Numbers(SessionRun.Run(graph, feeds).Values.First());
        return Math.Sqrt(exact.Zip(moved, (a, b) => (a - b) * (a - b)).Sum() / exact.Sum(number => number * number));
    }

    /// <summary>
    /// Every BatchNormalization scales the noise it sees to size 1, and nearly dead channels by no more than twice that; one after the other, each changes the next. Means stay: taking them away makes
    /// deep networks of random weights chaotic (arXiv:1902.08129), and any change of the input, rounding or not, grows from layer to layer.
    /// </summary>
    private static ModelGraph Normalized(ModelGraph graph)
    {
        var feeds = PassAssert.Feeds(graph, seed: 5, free: 4);
        foreach (var norm in graph.Nodes.Where(node => node.Operation == "BatchNormalization").ToList())
        {
            var seen = SessionRun.Run(new ExtractPass([], [norm.Inputs[0]]).Apply(graph).Graph, feeds).Values.Single();
            double[] numbers = PassAssert.Numbers(seen);
            int channels = (int)seen.Shape[1], area = numbers.Length / channels / (int)seen.Shape[0];
            double all = numbers.Average(number => number * number);
            for (int channel = 0; channel < channels; channel++)
            {
                double own = numbers.Where((_, i) => i / area % channels == channel).Average(number => number * number);
                graph.FindInitializer(norm.Inputs[4])!.Data.AsSpan<float>()[channel] = (float)Math.Max(own, all / 4);
            }
        }

        return graph;
    }

    internal static ModelGraph Create(string key)
    {
        var type = s_models[key].GetParameters()[0].ParameterType;
        var options = (ModelOptions)Activator.CreateInstance(type)!;
        bool large = key.StartsWith("vgg", StringComparison.Ordinal) || key.StartsWith("lenet", StringComparison.Ordinal) || key.StartsWith("mobilenet", StringComparison.Ordinal) || key.StartsWith("shuffle", StringComparison.Ordinal);
        int side = large || key.StartsWith("yolo", StringComparison.Ordinal) ? 32 : 16;
        foreach (var (name, value) in new[] { ("Height", side), ("Width", side) })
        {
            type.GetProperty(name)!.SetValue(options, value);
        }

        var graph = (ModelGraph)s_models[key].Invoke(null, [options])!;
        WeightInitializer.Draw(graph, seed: 1);
        return graph;
    }
}
