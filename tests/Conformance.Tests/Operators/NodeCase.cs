using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit.Golden;

namespace Conformance.Tests.Operators;

/// <summary>A case of ONNX's own operator tests: a model, and inputs with the outputs they must give.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Model">The model.</param>
/// <param name="Inputs">The inputs by name.</param>
/// <param name="Outputs">The outputs by name.</param>
public sealed record NodeCase(string Folder, ModelGraph Model, IReadOnlyDictionary<string, TensorData> Inputs, IReadOnlyDictionary<string, TensorData> Outputs)
{
    /// <summary>The case's name.</summary>
    public string Name => Path.GetFileName(Folder);

    /// <summary>
    /// Whether it draws masks: its Dropout is told to train with a ratio above 0. Such a case is checked by its properties.
    /// </summary>
    public bool IsRandom => Model.Nodes.Any(node => node.Operation == "Dropout" && Constant(node, 2, 0) != 0 && Constant(node, 1, 0.5) > 0);

    /// <summary>Whether anything of it is a float64.</summary>
    public bool IsDouble => Inputs.Values.Concat(Outputs.Values).Any(data => data.Type == ElementType.Float64);

    /// <summary>The folders of all cases; skips the test where there are none to be had, and fails where the folder is empty.</summary>
    public static IReadOnlyList<string> Folders() => [.. GoldenFiles.Of("onnx-node", "model.onnx", SearchOption.AllDirectories).Select(path => Path.GetDirectoryName(path)!)];

    /// <summary>Reads every data set of a case.</summary>
    /// <param name="folder">The case's folder.</param>
    public static IEnumerable<NodeCase> Read(string folder)
    {
        string[] sets = Directory.GetDirectories(folder, "test_data_set_*");
        string[] places = sets.Length > 0 ? [.. sets.Order(StringComparer.Ordinal)] : [folder];
        foreach (string set in places)
        {
            // IR 3 files may list weights among the inputs: only what is fed has a file.
            var model = OnnxFile.Load(Path.Combine(folder, "model.onnx"));
            yield return new(folder, model, Tensors(set, "input", model.Inputs), Tensors(set, "output", model.Outputs));
        }
    }

    private static Dictionary<string, TensorData> Tensors(string set, string kind, IList<GraphValue> declared)
    {
        var tensors = new Dictionary<string, TensorData>(StringComparer.Ordinal);
        for (int i = 0; i < declared.Count; i++)
        {
            string path = Path.Combine(set, $"{kind}_{i}.pb");
            Assert.True(File.Exists(path), $"{path} is missing.");
            tensors.Add(declared[i].Name, Retyped(OnnxFile.LoadTensor(path).Data, declared[i].Type));
        }

        Assert.False(File.Exists(Path.Combine(set, $"{kind}_{declared.Count}.pb")), $"{set} has more {kind}s than the model.");
        return tensors;
    }

    /// <summary>Older cases hold brain floats as the 16-bit integers of the same bits, whatever the model declares.</summary>
    private static TensorData Retyped(TensorData data, ElementType declared) =>
        declared == ElementType.BFloat16 && data.Type == ElementType.UInt16 ? new(declared, [.. data.Shape], data.Bytes.ToArray()) : data;

    private double Constant(GraphNode node, int index, double fallback)
    {
        if (node.InputOrNull(index) is not { } name)
        {
            return fallback;
        }

        return Numbers.Of(Inputs.GetValueOrDefault(name) ?? Model.FindInitializer(name)!.Data)[0];
    }
}
