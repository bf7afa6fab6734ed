using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Conformance.Tests;

/// <summary>What holds for every model of the catalogue, those added later included.</summary>
public sealed class ModelConformanceTests
{
    private const int Count = 2;

    public static TheoryData<string> Models => [.. PluginCatalogs.BuiltIn.Models.All.Where(model => model.Task == "classification").Select(model => model.Key)];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_executor_the_session_and_the_saved_file_agree(string key)
    {
        using var folder = new TemporaryFolder();
        var graph = Build(key);
        var (input, shape) = Pictures(graph);

        using var executor = new GraphExecutor(graph);
        using var pixels = torch.tensor(input, shape);
        using var outputs = executor.Evaluate(pixels);
        double[] trained = [.. outputs["logits"].data<float>().Select(value => (double)value)];
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });
        double[] run = Run(session, input, shape);
        Assert.Equal([Count, 7L], outputs["logits"].shape);
        Assert.True(CentralDifferences.RelativeError(trained, run) <= 1e-4, $"{key}: the executor differs from the session by {CentralDifferences.RelativeError(trained, run)}");

        // Through the executor into a file, and back.
        var written = graph.Clone();
        executor.WriteTo(written);
        OnnxFile.Save(written, folder["model.onnx"]);
        var loaded = OnnxFile.Load(folder["model.onnx"]);
        Assert.Equal(graph.Initializers.Select(Described), loaded.Initializers.Select(Described));
        using var reloaded = ModelSession.Open(folder["model.onnx"], new() { Threads = 1 });
        Assert.Equal(run, Run(reloaded, input, shape));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_trainable_weight_gets_a_finite_gradient_that_is_not_zero(string key)
    {
        var graph = Build(key);
        var (input, shape) = Pictures(graph);
        using var executor = new GraphExecutor(graph);
        using var pixels = torch.tensor(input, shape);
        using var outputs = executor.Train(pixels, step: 0);
        using var labels = torch.tensor(new long[] { 1, 4 });
        using var loss = nn.functional.cross_entropy(outputs["logits"], labels);
        loss.backward();

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
    public void Other_pictures_and_classes_can_be_asked_for(string key)
    {
        var entry = PluginCatalogs.BuiltIn.Models.Find(key);
        var graph = PluginCatalogs.BuiltIn.Models.Build(key, (ModelOptions)Activator.CreateInstance(entry.OptionsType)! with { Classes = 3, Channels = 1, Height = 28, Width = 28 });

        Assert.Equal([null, 1L, 28L, 28L], graph.Inputs[0].Shape!.Select(dimension => dimension.Size));
        Assert.Equal([null, 3L], graph.Outputs[0].Shape!.Select(dimension => dimension.Size));
    }

    private static ModelGraph Build(string key)
    {
        var entry = PluginCatalogs.BuiltIn.Models.Find(key);
        var graph = PluginCatalogs.BuiltIn.Models.Build(key, (ModelOptions)Activator.CreateInstance(entry.OptionsType)! with { Classes = 7 });
        WeightInitializer.Draw(graph, seed: 3);

        // A fresh model's statistics are 0 and 1, which would hide a mean that is not subtracted.
        foreach (var node in graph.Nodes.Where(node => node.Operation == "BatchNormalization"))
        {
            Fill(graph, node.Inputs[3], (ref random) => (float)(0.1 * random.NextNormal()));
            Fill(graph, node.Inputs[4], (ref random) => (float)random.NextDouble(0.5, 1.5));
        }

        return graph;
    }

    private delegate float Draw(ref SampleRandom random);

    private static void Fill(ModelGraph graph, string name, Draw draw)
    {
        var random = new SampleRandom(1, 2, name.Length);
        foreach (ref float value in graph.FindInitializer(name)!.Data.AsSpan<float>())
        {
            value = draw(ref random);
        }
    }

    private static (float[] Input, long[] Shape) Pictures(ModelGraph graph)
    {
        long[] shape = [Count, .. graph.Inputs[0].Shape!.Skip(1).Select(dimension => dimension.Size!.Value)];
        var random = new SampleRandom(5, 0, 0);
        float[] input = new float[TensorData.CountOf(shape)];
        foreach (ref float value in input.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return (input, shape);
    }

    private static double[] Run(ModelSession session, float[] input, long[] shape) => [.. session.Run(input, shape).Values.Select(value => (double)value)];

    private static string Described(Initializer initializer) =>
        $"{initializer.Name} {initializer.Trainable} {initializer.Data.Type} [{string.Join(", ", initializer.Data.Shape)}] {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(initializer.Data.Bytes))}";
}
