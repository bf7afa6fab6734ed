using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Zoo;
using DistillSharp.TestKit;

namespace Conformance.Tests.Fuzzing;

/// <summary>Sound files that damage starts from: small, and of every kind that is read.</summary>
internal static class FuzzSeeds
{
    /// <summary>Files of our own making, and where they are present, what ONNX publishes for its operators.</summary>
    public static IReadOnlyList<byte[]> All { get; } = [.. Own(), .. Published()];

    private static IEnumerable<byte[]> Own()
    {
        var network = Network();
        yield return OnnxFile.Serialize(network);
        yield return OnnxFile.Serialize(new Float16Pass(new()).Apply(network).Graph);
        var options = new QuantizationOptions { Target = QuantizationTarget.Vnni };
        var folded = new FoldBatchNormPass().Apply(network).Graph;
        var ranges = QuantizationPlan.Of(folded, options).Values.ToDictionary(value => value.Name, _ => new QuantizationRange(-1, 2), StringComparer.Ordinal);
        var training = new QuantizePass(options, ranges).Apply(folded).Graph;
        yield return OnnxFile.Serialize(training);
        yield return OnnxFile.Serialize(new DeployQuantizedPass().Apply(training).Graph);
        yield return OnnxFile.Serialize(new DynamicQuantizePass(options).Apply(folded).Graph);
        yield return OnnxFile.Serialize(Mlp.Create(new() { Widths = [4], Classes = 3, Channels = 1, Height = 2, Width = 2 }));
        yield return OnnxFile.Serialize(Shapes());
    }

    private static IEnumerable<byte[]> Published()
    {
        string folder = Path.Combine(SharedFolder.GoldenRoot, "onnx-node");
        return Directory.Exists(folder)
            ? Directory.GetFiles(folder, "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(bytes => bytes.Length < 20_000)
            : [];
    }

    /// <summary>A small network with most layers that the builder writes.</summary>
    private static ModelGraph Network()
    {
        var b = new GraphBuilder("small");
        string x = b.Relu("relu0", b.BatchNorm("bn", b.Conv("conv", b.Input(2, 8, 8), 4, 3, 2, 1, bias: true)));
        var (first, second) = b.SplitHalves("split", b.ShuffleChannels("shuffle", x, 2));
        x = b.MaxPool("max", b.Concat("concat", b.Relu("relu", first), b.AveragePool("average", second, 3, 1, 1)), 2, 2);
        var graph = b.Build(b.Linear("fc", b.Dropout("drop", b.Flatten("flatten", b.Add("add", x, x)), 0.5), 3));
        WeightInitializer.Draw(graph, seed: 1);
        return graph;
    }

    /// <summary>Shapes that are computed, and constants that are made large by small numbers.</summary>
    private static ModelGraph Shapes()
    {
        var graph = new ModelGraph { Name = "shapes", Opset = 17 };
        graph.Inputs.Add(new("x", ElementType.Float32, [Dimension.Named("n"), 3, 4]));
        graph.Outputs.Add(new("y", ElementType.Float32, null));
        void Longs(string name, params long[] values) => graph.Add(new(name, TensorData.Create<long>(values, values.Length), trainable: false));
        void Node(string operation, string[] inputs, string output) => graph.Nodes.Add(new(operation, inputs, [output], output));
        Longs("sizes", 2, 3);
        Longs("repeats", 2, 2);
        Longs("rest", -1, 12);
        graph.Add(new("start", TensorData.Create<long>([0]), trainable: false));
        graph.Add(new("limit", TensorData.Create<long>([6]), trainable: false));
        graph.Add(new("step", TensorData.Create<long>([1]), trainable: false));
        Node("ConstantOfShape", ["sizes"], "zeros");
        Node("Tile", ["zeros", "repeats"], "tiled");
        Node("Expand", ["zeros", "sizes"], "expanded");
        Node("Range", ["start", "limit", "step"], "range");
        Node("Shape", ["x"], "shape");
        Node("Reshape", ["x", "rest"], "flat");
        Node("MatMul", ["flat", "w"], "made");
        Node("Softmax", ["made"], "y");
        graph.Add(new("w", TensorData.Create<float>([.. Enumerable.Range(0, 24).Select(i => i * 0.1f)], 12, 2), trainable: true));
        return graph;
    }
}
