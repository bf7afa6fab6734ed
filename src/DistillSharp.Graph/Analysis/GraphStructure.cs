using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DistillSharp.Graph.Analysis;

/// <summary>Tells whether two graphs do the same work: the same operators, connections, attributes and shapes. Weights, names and metadata do not count.</summary>
public static class GraphStructure
{
    /// <summary>The operators that only calculate with the numbers of a float constant: the numbers change neither shapes nor the amount of work.</summary>
    private static readonly HashSet<string> s_calculating =
    [
        "Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization", "InstanceNormalization", "LayerNormalization", "GroupNormalization", "PRelu",
        "Add", "Sub", "Mul", "Div", "Gather", "QuantizeLinear", "DequantizeLinear",
    ];

    /// <summary>A key that is equal for graphs of the same structure.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>A hash in hexadecimal.</returns>
    public static string KeyOf(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var text = new StringBuilder();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var weights = Weights(graph);

        // A subgraph names outer values, so there the names count.
        bool named = graph.Nodes.Any(node => node.Attributes.Values.Any(value => value is OpaqueValue));
        text.Append(CultureInfo.InvariantCulture, $"opset {graph.Opset} {string.Join(' ', graph.OtherOpsets)} {Convert.ToHexString(SHA256.HashData(graph.Envelope.Span))}\n");
        foreach (var input in graph.Inputs)
        {
            text.Append(CultureInfo.InvariantCulture, $"input {Number(input.Name)} {input.Type} {Sizes(input)}\n");
        }

        foreach (var node in graph.Nodes)
        {
            text.Append(CultureInfo.InvariantCulture, $"node {node.Domain}:{node.Operation}:{node.Overload}");
            text.AppendJoin("", node.Inputs.Select(name => " " + Number(name))).Append(" ->").AppendJoin("", node.Outputs.Select(name => " " + Number(name)));
            text.AppendJoin("", node.Attributes.Select(pair => $" {pair.Key}={Text(pair.Value)}")).Append('\n');
        }

        foreach (var initializer in graph.Initializers.Where(one => numbers.ContainsKey(one.Name)).OrderBy(one => numbers[one.Name]))
        {
            text.Append(CultureInfo.InvariantCulture, $"constant {Number(initializer.Name)} {(weights.Contains(initializer.Name) ? Shape(initializer.Data) : Whole(initializer.Data))}\n");
        }

        text.AppendJoin("", graph.Outputs.Select(output => $"output {Number(output.Name)}\n"));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        string Number(string name)
        {
            if (name.Length == 0)
            {
                return "-";
            }

            numbers.TryAdd(name, numbers.Count);
            return named ? $"{numbers[name]}:{name}" : numbers[name].ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The constants whose numbers do not count.</summary>
    private static HashSet<string> Weights(ModelGraph graph)
    {
        var taken = graph.Nodes.SelectMany(node => node.Inputs.Select(name => (name, node.Operation))).ToLookup(pair => pair.name, pair => pair.Operation, StringComparer.Ordinal);
        return [.. graph.Initializers.Where(one => IsWeight(one.Data.Type, taken[one.Name])).Select(one => one.Name)];
    }

    private static bool IsWeight(ElementType type, IEnumerable<string> consumers) => type switch
    {
        ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16 => consumers.All(s_calculating.Contains),
        ElementType.Int8 or ElementType.UInt8 or ElementType.Int32 => consumers.All(operation => operation is "DequantizeLinear" or "QuantizeLinear"),
        _ => false,
    };

    private static string Sizes(GraphValue value) => value.Shape is null ? "?" : string.Join(',', value.Shape.Select(dimension => dimension.Size?.ToString(CultureInfo.InvariantCulture) ?? "?"));

    private static string Shape(TensorData data) => $"{data.Type}[{string.Join(',', data.Shape)}]";

    private static string Whole(TensorData data) => Shape(data) + Convert.ToHexString(SHA256.HashData(data.Bytes));

    private static string Text(AttributeValue value) => value switch
    {
        IntValue one => one.Value.ToString(CultureInfo.InvariantCulture),
        FloatValue one => one.Value.ToString("R", CultureInfo.InvariantCulture),
        TextValue one => one.Value,
        IntsValue many => string.Join(',', many.Values),
        FloatsValue many => string.Join(',', many.Values.Select(number => number.ToString("R", CultureInfo.InvariantCulture))),
        TextsValue many => string.Join('|', many.Values),
        TensorValue tensor => Whole(tensor.Value),
        OpaqueValue opaque => Convert.ToHexString(SHA256.HashData(opaque.Serialized.Span)),
        _ => throw new NotSupportedException($"{value.GetType().Name} is not part of a graph's structure."),
    };
}
