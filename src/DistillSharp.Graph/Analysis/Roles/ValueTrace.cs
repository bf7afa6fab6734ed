namespace DistillSharp.Graph.Analysis.Roles;

/// <summary>Walks a graph from its inputs and notes what each value comes from.</summary>
internal sealed class ValueTrace
{
    private static readonly HashSet<string> s_layouts = new(StringComparer.Ordinal) { "Identity", "Cast", "CastLike", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Dropout", "QuantizeLinear", "DequantizeLinear" };
    private static readonly HashSet<string> s_pieces = new(StringComparer.Ordinal) { "Expand", "Tile", "Slice", "Split", "Pad", "Gather", "GatherElements", "GatherND", "Trilu" };
    private static readonly HashSet<string> s_affine = new(StringComparer.Ordinal) { "Add", "Sub", "Mul", "Div", "Sum" };
    private static readonly HashSet<string> s_norms = new(StringComparer.Ordinal) { "BatchNormalization", "LayerNormalization", "InstanceNormalization", "GroupNormalization", "RMSNormalization", "LpNormalization", "MeanVarianceNormalization" };
    private static readonly HashSet<string> s_products = new(StringComparer.Ordinal) { "Conv", "ConvTranspose", "Gemm", "MatMul", "Einsum" };

    private readonly Dictionary<string, ValueFacts> _facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<GraphNode>> _readers = new(StringComparer.Ordinal);

    public ValueTrace(ModelGraph graph)
    {
        foreach (var initializer in graph.Initializers)
        {
            _facts[initializer.Name] = new() { Shape = initializer.Data.Shape };
        }

        foreach (var input in graph.Inputs)
        {
            _facts[input.Name] = new() { Fed = true };
        }

        foreach (var node in graph.Nodes)
        {
            foreach (string name in node.Inputs.Where(name => name.Length > 0))
            {
                (_readers.TryGetValue(name, out var readers) ? readers : _readers[name] = []).Add(node);
            }

            var facts = Follow(node);
            foreach (string name in node.Outputs.Where(name => name.Length > 0))
            {
                _facts[name] = facts;
            }
        }
    }

    /// <summary>What is known of a value; one that is not known is a fixed one.</summary>
    public ValueFacts this[string name] => _facts.GetValueOrDefault(name, ValueFacts.Fixed);

    /// <summary>The nodes that read a value.</summary>
    public IReadOnlyList<GraphNode> Readers(string name) => _readers.TryGetValue(name, out var found) ? found : [];

    /// <summary>Whether a node changes only the layout or the type of its first input.</summary>
    public static bool IsLayout(GraphNode node) => node.Domain.Length == 0 && s_layouts.Contains(node.Operation);

    /// <summary>Whether a node hands on its first input, whole or in pieces or repeated.</summary>
    public static bool HandsOn(GraphNode node) => IsLayout(node) || (node.Domain.Length == 0 && s_pieces.Contains(node.Operation));

    /// <summary>Whether a node adds, subtracts, multiplies or divides element by element.</summary>
    public static bool IsAffine(GraphNode node) => node.Domain.Length == 0 && s_affine.Contains(node.Operation);

    private ValueFacts Follow(GraphNode node)
    {
        if (node is { Domain: "", Operation: "Shape" or "Size" or "ConstantOfShape" })
        {
            return ValueFacts.Fixed;
        }

        if (node is { Domain: "", Operation: "Constant" })
        {
            return node.Attributes.TryGetValue("value", out var value) && value is TensorValue tensor ? new() { Shape = tensor.Value.Shape } : ValueFacts.Fixed;
        }

        // Sizes and positions of a piece do not make it depend on the input; the indices of a table do.
        bool first = HandsOn(node) && node.Operation is not ("Gather" or "GatherElements" or "GatherND");
        var inputs = node.Inputs.Take(first ? 1 : int.MaxValue).Where(name => name.Length > 0).Select(name => this[name]).ToList();
        bool hidden = node.Inputs.Count == 0 || node.Attributes.Values.Any(value => value is OpaqueValue { Kind: "graph" or "graphs" });
        if (!hidden && !inputs.Exists(input => input.Fed))
        {
            return new() { Shape = ShapeOf(node), Rooted = node is { Domain: "", Operation: "Sqrt" or "Pow" or "Reciprocal" } || ((IsAffine(node) || HandsOn(node)) && inputs.Exists(input => input.Rooted)) };
        }

        var fed = inputs.FindAll(input => input.Fed);
        bool normalizes = node.Domain.Length == 0 && (s_norms.Contains(node.Operation) || (fed.Count == 2 && (node.Operation == "Div" || (node.Operation == "Mul" && fed.Exists(input => input.Inverse)))));
        bool layer = RoleSlots.IsLayer(node, this), product = layer && s_products.Contains(node.Operation);
        bool through = fed.Count == 1 && (IsLayout(node) || IsAffine(node));
        return new()
        {
            Fed = true,
            Weighted = layer || normalizes || fed.Exists(input => input.Weighted),
            Behind = product ? ValueFacts.Origin.Product : normalizes ? ValueFacts.Origin.Norm : through ? fed[0].Behind : ValueFacts.Origin.Other,
            Features = product ? FeaturesOf(node) : through ? fed[0].Features : null,
            Inverse = node is { Domain: "", Operation: "Reciprocal" or "Pow" } || (node is { Domain: "", Operation: "Div" } && inputs is [{ Fed: false }, ..]) || (IsLayout(node) && fed.Count == 1 && fed[0].Inverse),
        };
    }

    private long? FeaturesOf(GraphNode node)
    {
        var left = node.InputOrNull(0) is { } a ? this[a] : ValueFacts.Fixed;
        var right = node.InputOrNull(1) is { } b ? this[b] : ValueFacts.Fixed;
        return (node.Operation, right.Shape) switch
        {
            ("Conv", [var filters, ..]) => filters,
            ("ConvTranspose", [_, var filters, ..]) => filters * IntOf(node, "group", 1),
            ("Gemm", [var rows, var columns]) => IntOf(node, "transB", 0) != 0 ? rows : columns,
            ("MatMul", [_]) => 1,
            ("MatMul", [.., var columns]) when left.Fed => columns,
            ("MatMul", _) when !left.Fed && left.Shape is [.., var rows, _] => rows,
            _ => null,
        };
    }

    private IReadOnlyList<long>? ShapeOf(GraphNode node)
    {
        if (node.Domain.Length > 0 || node.InputOrNull(0) is not { } name || this[name].Shape is not { } shape)
        {
            return null;
        }

        return node.Operation switch
        {
            "Identity" or "Cast" or "CastLike" or "QuantizeLinear" or "DequantizeLinear" => shape,
            "Transpose" => !node.Attributes.TryGetValue("perm", out var value) ? [.. shape.Reverse()]
                : value is IntsValue { Values: var order } && order.Count == shape.Count && order.All(axis => axis >= 0 && axis < shape.Count) ? [.. order.Select(axis => shape[(int)axis])] : null,
            _ => null,
        };
    }

    private static long IntOf(GraphNode node, string name, long fallback) => node.Attributes.TryGetValue(name, out var value) && value is IntValue number ? number.Value : fallback;
}
