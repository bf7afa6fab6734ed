using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;
using DistillSharp.TestKit.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Conformance.Tests;

/// <summary>What holds for every detector of the catalogue, those added later included.</summary>
public sealed class DetectorConformanceTests
{
    private const int Count = 2, Height = 64, Width = 96;

    public static TheoryData<string> Models => [.. PluginCatalogs.BuiltIn.Models.All.Where(model => model.Task == "detection").Select(model => model.Key)];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_file_is_sound_and_the_executor_and_the_session_agree(string key)
    {
        var graph = Build(key, classes: 3);
        GraphChecker.Require(graph);
        float[] input = Pictures();
        long[] shape = [Count, 3, Height, Width];

        using var executor = new GraphExecutor(graph);
        using var pixels = torch.tensor(input, shape);
        using var outputs = executor.Evaluate(pixels);
        using var exact = new GraphExecutor(graph, new() { Precision = ElementType.Float64 });
        using var exactPixels = pixels.to(torch.ScalarType.Float64);
        using var exactly = exact.Evaluate(exactPixels);
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });
        session.Run(input, shape, [.. graph.Outputs.Select(output => output.Name)], (i, values, sizes) =>
        {
            string name = graph.Outputs[i].Name;
            double[] trained = [.. outputs[name].contiguous().data<float>().Select(value => (double)value)], exported = [.. values.ToArray().Select(value => (double)value)];
            Assert.Equal(outputs[name].shape, sizes);

            // Float32 rounds through hundreds of layers, differently by processor: each engine is held against float64, and the session against the executor's own rounding.
            double[] expected = [.. exactly[name].contiguous().data<double>()];
            double own = CentralDifferences.RelativeError(trained, expected), error = CentralDifferences.RelativeError(exported, expected);
            Assert.True(own <= 1e-3, $"{key}, {name}: the executor's rounding is {own}");
            Assert.True(error <= Math.Max(1e-4, 4 * own), $"{key}, {name}: the session differs from float64 by {error}, the executor in float32 by {own}");
        });
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_trainable_weight_gets_a_finite_gradient_that_is_not_zero(string key)
    {
        var graph = Build(key, classes: 3);
        using var executor = new GraphExecutor(graph, new() { Wanted = ["feat0", "feat1", "feat2"] });
        using var pixels = torch.tensor(Pictures(), [Count, 3, Height, Width]);
        using var outputs = executor.Train(pixels, step: 0);
        using (NewDisposeScope())
        {
            outputs.Names.Select(name => outputs[name].square().sum()).Aggregate((a, b) => a.add(b)).backward();
        }

        Assert.Equal(
            graph.Initializers.Where(weight => weight.Trainable).Select(weight => weight.Name).Order(StringComparer.Ordinal),
            executor.Weights.Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal));
        foreach (var parameter in executor.Weights.Parameters)
        {
            using var view = FlatBuffer.View(executor.Gradients, parameter);
            using var largest = view.abs().max();
            double size = largest.ToDouble();
            Assert.True(double.IsFinite(size) && size > 0, $"{key}: the gradient of '{parameter.Name}' [{string.Join(", ", parameter.Shape)}] is {size}");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Any_number_of_classes_and_channels_can_be_asked_for(string key)
    {
        foreach (int classes in new[] { 1, 3, 80 })
        {
            var graph = Options(key, options => options with { Classes = classes, Channels = 1, Height = Height, Width = Width });

            Assert.Equal(["batch", "1", "height", "width"], graph.Inputs[0].Shape!.Select(size => size.ToString()));
            Assert.Equal(["batch", $"{4 + classes}", "anchors"], graph.Outputs[0].Shape!.Select(size => size.ToString()));
            Assert.All(graph.Outputs.Skip(1), map => Assert.Equal(64 + classes, map.Shape![1].Size));
        }

        Assert.Contains("multiples of 32, but they are 64x100", Assert.Throws<ArgumentException>(() => Options(key, options => options with { Height = 64, Width = 100 })).Message, StringComparison.Ordinal);
        Assert.Contains("1 class or more", Assert.Throws<ArgumentOutOfRangeException>(() => Options(key, options => options with { Classes = 0 })).Message, StringComparison.Ordinal);
    }

    private static ModelGraph Options(string key, Func<ModelOptions, ModelOptions> choose)
    {
        var entry = PluginCatalogs.BuiltIn.Models.Find(key);
        return PluginCatalogs.BuiltIn.Models.Build(key, choose((ModelOptions)Activator.CreateInstance(entry.OptionsType)!));
    }

    private static ModelGraph Build(string key, int classes)
    {
        var graph = Options(key, options => options with { Classes = classes });
        WeightInitializer.Draw(graph, seed: 3);

        // A fresh model's statistics are 0 and 1, which would hide a mean that is not subtracted.
        var random = new SampleRandom(1, 2, 0);
        foreach (var statistic in graph.Nodes.Where(node => node.Operation == "BatchNormalization").SelectMany(node => node.Inputs.Skip(3)))
        {
            foreach (ref float value in graph.FindInitializer(statistic)!.Data.AsSpan<float>())
            {
                value = statistic.EndsWith("var", StringComparison.Ordinal) ? (float)random.NextDouble(0.05, 0.3) : (float)(0.1 * random.NextNormal());
            }
        }

        return graph;
    }

    private static float[] Pictures()
    {
        var random = new SampleRandom(5, 0, 0);
        float[] input = new float[Count * 3 * Height * Width];
        foreach (ref float value in input.AsSpan())
        {
            value = (float)random.NextDouble(0, 1);
        }

        return input;
    }
}
