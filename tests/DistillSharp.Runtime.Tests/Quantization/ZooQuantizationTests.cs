using System.Reflection;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Zoo;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class ZooQuantizationTests
{
    private static readonly Dictionary<string, MethodInfo> s_models = typeof(ModelOptions).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static)).Where(method => method.GetCustomAttribute<ModelAttribute>() is not null)
        .ToDictionary(method => method.GetCustomAttribute<ModelAttribute>()!.Key, StringComparer.Ordinal);

    public static TheoryData<string> Keys => [.. s_models.Keys];

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
        Assert.InRange(Quantized.Difference(quantizer.Prepared, int8), 1e-6, 0.25);
    }

    internal static ModelGraph Create(string key)
    {
        var type = s_models[key].GetParameters()[0].ParameterType;
        var options = (ModelOptions)Activator.CreateInstance(type)!;
        bool large = key.StartsWith("vgg", StringComparison.Ordinal) || key.StartsWith("lenet", StringComparison.Ordinal) || key.StartsWith("mobilenet", StringComparison.Ordinal) || key.StartsWith("shuffle", StringComparison.Ordinal);
        int side = large ? 32 : 16;
        foreach (var (name, value) in new[] { ("Height", side), ("Width", side) })
        {
            type.GetProperty(name)!.SetValue(options, value);
        }

        var graph = (ModelGraph)s_models[key].Invoke(null, [options])!;
        WeightInitializer.Draw(graph, seed: 1);
        return graph;
    }
}
