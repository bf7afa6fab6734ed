using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Analysis;

/// <summary>
/// Finds the parameters of a quantized graph that no training changes: integers behind DequantizeLinear in a weight's slot (QDQ), weights and biases of integer operators (QLinearConv,
/// ConvInteger, ...), and the float bias that is added behind a ConvInteger or MatMulInteger.
/// </summary>
internal static class QuantizedParameters
{
    /// <summary>The most nodes between a weight and its slot; a damaged graph may go round in circles.</summary>
    private const int LongestChain = 16;

    /// <summary>The inputs of integer layers that hold weights and biases, by operator; those of other domains are ONNX Runtime's own.</summary>
    private static readonly Dictionary<string, int[]> s_slots = new(StringComparer.Ordinal)
    {
        ["ConvInteger"] = [1],
        ["MatMulInteger"] = [0, 1],
        ["QLinearConv"] = [3, 8],
        ["QLinearMatMul"] = [0, 3],
        ["com.microsoft.QGemm"] = [3, 6],
        ["com.microsoft.DynamicQuantizeMatMul"] = [1, 4],
        ["com.microsoft.MatMulIntegerToFloat"] = [1, 6],
    };

    /// <summary>Operators that move a weight to its slot without changing its elements.</summary>
    private static readonly HashSet<string> s_carriers = new(StringComparer.Ordinal) { "QuantizeLinear", "DequantizeLinear", "Identity", "Transpose", "Reshape", "Unsqueeze", "Squeeze", "Cast" };

    /// <summary>The initializers that are parameters though they are not trainable, each once.</summary>
    /// <param name="graph">The graph.</param>
    public static IReadOnlyCollection<Initializer> Of(ModelGraph graph)
    {
        var uses = new GraphUses(graph);
        var found = new HashSet<Initializer>(ReferenceEqualityComparer.Instance);
        foreach (var node in graph.Nodes)
        {
            string layer = node.Domain.Length == 0 ? node.Operation : $"{node.Domain}.{node.Operation}";
            foreach (string name in s_slots.GetValueOrDefault(layer, []).Select(node.InputOrNull).OfType<string>())
            {
                Add(Source(graph, uses, name, out _));
            }

            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (RoleSlots.Of(node, i) is not null && Source(graph, uses, node.Inputs[i], out bool rounded) is { } weight && rounded)
                {
                    Add(weight);
                }
            }

            if (node is { Domain: "", Operation: "ConvInteger" or "MatMulInteger" })
            {
                Add(BiasBehind(graph, uses, node));
            }
        }

        return found;

        void Add(Initializer? parameter)
        {
            if (parameter is { Trainable: false })
            {
                found.Add(parameter);
            }
        }
    }

    /// <summary>The initializer that a value is made of; null where it is computed.</summary>
    private static Initializer? Source(ModelGraph graph, GraphUses uses, string value, out bool rounded)
    {
        rounded = false;
        string? at = value;
        for (int i = 0; i < LongestChain && graph.FindInitializer(at) is null && uses.Producer(at) is { Domain: "" } node && s_carriers.Contains(node.Operation); i++)
        {
            rounded |= node.Operation == "DequantizeLinear";
            at = node.InputOrNull(0);
        }

        return graph.FindInitializer(at);
    }

    /// <summary>What is added to an integer product once it is a float again: Cast, Mul by the scales, Add.</summary>
    private static Initializer? BiasBehind(ModelGraph graph, GraphUses uses, GraphNode product)
    {
        string value = product.Outputs[0];
        for (int i = 0; i < LongestChain && uses.OnlyReader(value) is { Domain: "" } reader; i++, value = reader.Outputs[0])
        {
            if (reader.Operation == "Add")
            {
                return Source(graph, uses, reader.Inputs[reader.Inputs[0] == value ? 1 : 0], out _);
            }

            if (reader.Operation is not ("Cast" or "Mul"))
            {
                return null;
            }
        }

        return null;
    }
}
