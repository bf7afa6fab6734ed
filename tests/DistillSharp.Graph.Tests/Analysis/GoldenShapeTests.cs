using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit.Golden;

namespace DistillSharp.Graph.Tests.Analysis;

/// <summary>Types and shapes that ONNX itself publishes.</summary>
[Trait("Category", "Golden")]
public sealed class GoldenShapeTests
{
    /// <summary>Where the sizes depend on what is computed, only the rank can be told.</summary>
    private static readonly string[] s_dataDependent = ["NonZero", "Compress", "Unique", "NonMaxSuppression"];

    [Fact]
    public void Types_and_shapes_of_every_case_are_those_declared()
    {
        var wrong = new List<string>();
        int compared = 0;
        foreach (string path in GoldenFiles.Of("onnx-node", "model.onnx", SearchOption.AllDirectories))
        {
            var graph = OnnxFile.Load(path);
            Feed(graph, Path.GetDirectoryName(path)!);
            graph.KnownValues.Clear();
            try
            {
                ShapeInference.Infer(graph);
            }
            catch (GraphException error)
            {
                wrong.Add($"{path}: {error.Message}");
                continue;
            }

            bool free = graph.Nodes.Any(node => s_dataDependent.Contains(node.Operation));
            foreach (var output in graph.Outputs.Where(output => output.Declaration is null))
            {
                compared++;
                graph.KnownValues.TryGetValue(output.Name, out var inferred);
                if (inferred?.Type != output.Type || inferred.Shape?.Count != output.Shape?.Count || !inferred.Shape!.Zip(output.Shape!).All(pair => pair.First == pair.Second || free || pair.Second.Size is null))
                {
                    wrong.Add($"{path}: {inferred?.ToString() ?? "nothing"} instead of {output} by {graph.Nodes[0]}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} golden types and shapes compared");
        Assert.True(compared > 0, "No golden shape was compared.");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Without_the_data_nothing_contradicts_what_is_declared()
    {
        int compared = 0;
        foreach (string path in GoldenFiles.Of("onnx-node", "model.onnx", SearchOption.AllDirectories))
        {
            var graph = OnnxFile.Load(path);
            graph.KnownValues.Clear();
            ShapeInference.Infer(graph);
            foreach (var output in graph.Outputs.Where(output => output.Shape is not null && graph.KnownValues.ContainsKey(output.Name)))
            {
                var inferred = graph.KnownValues[output.Name];
                Assert.True(inferred.Shape is null || (inferred.Shape.Count == output.Shape!.Count && inferred.Shape.Zip(output.Shape).All(pair => pair.First.Size is null || pair.Second.Size is null || pair.First == pair.Second)), $"{path}: {inferred} instead of {output}");
                compared++;
            }
        }

        Assert.True(compared > 0, "No golden shape was compared.");
    }

    /// <summary>Integer inputs and scales decide shapes, so they become constants with the case's own elements.</summary>
    private static void Feed(ModelGraph graph, string folder)
    {
        string beside = Path.Combine(folder, "test_data_set_0");
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            string path = Path.Combine(Directory.Exists(beside) ? beside : folder, $"input_{i}.pb");
            bool decides = graph.Inputs[i].Type is ElementType.Int64 or ElementType.Int32 or ElementType.Float32 or ElementType.Float64 && (i > 0 || graph.Nodes[0].Operation is "ConstantOfShape" or "Range" || graph.Inputs[i].Shape is []);
            if (File.Exists(path) && decides)
            {
                graph.Add(new(graph.Inputs[i].Name, TensorReader.Read(TensorProto.Parser.ParseFrom(File.ReadAllBytes(path)), folder: null), trainable: false));
            }
        }

        foreach (var input in graph.Inputs.Where(input => graph.FindInitializer(input.Name) is not null).ToList())
        {
            graph.Inputs.Remove(input);
        }
    }
}
