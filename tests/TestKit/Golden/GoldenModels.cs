using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using Xunit;

namespace DistillSharp.TestKit.Golden;

/// <summary>The golden folder's whole models in ONNX, whose weights are made by nodes.</summary>
public static class GoldenModels
{
    private const long MostWeights = 50_000_000;

    /// <summary>Those of at most 50 million weights: a test that loads them holds several copies of them at once.</summary>
    public static IReadOnlyList<string> Light
    {
        get
        {
            string[] light = [.. GoldenFiles.Of("onnx-models", "*.onnx").Where(path => Weights(OnnxFile.Load(path)) <= MostWeights)];
            Assert.NotEmpty(light);
            return light;
        }
    }

    private static long Weights(ModelGraph graph) => graph.Initializers.Sum(initializer => initializer.Data.Count)
        + graph.Nodes.Where(node => node.Operation == "ConstantOfShape").Sum(node => graph.FindInitializer(node.Inputs[0]) is { } shape ? TensorData.CountOf(shape.Data.AsSpan<long>()) : 0);
}
