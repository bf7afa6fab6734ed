namespace DistillSharp.Graph;

/// <summary>One operation of a graph.</summary>
public sealed class GraphNode
{
    /// <summary>Creates a node.</summary>
    /// <param name="operation">The operator's name in its domain, such as <c>Conv</c>.</param>
    /// <param name="inputs">The names of its inputs; an empty name is an optional input left out.</param>
    /// <param name="outputs">The names of its outputs.</param>
    /// <param name="name">The node's name, for messages; may be empty.</param>
    public GraphNode(string operation, IEnumerable<string> inputs, IEnumerable<string> outputs, string name = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(operation);
        Operation = operation;
        Inputs = [.. inputs];
        Outputs = [.. outputs];
        Name = name;
    }

    /// <summary>The node's name, for messages; may be empty.</summary>
    public string Name { get; set; }

    /// <summary>The operator's name in its domain, such as <c>Conv</c>.</summary>
    public string Operation { get; set; }

    /// <summary>The operator's domain; empty for ONNX's own.</summary>
    public string Domain { get; set; } = "";

    /// <summary>Which of several functions of one name is meant; empty for operators.</summary>
    internal string Overload { get; init; } = "";

    /// <summary>What the file says of the node that is not shown (documentation), kept for writing it back. Empty if nothing.</summary>
    internal ReadOnlyMemory<byte> Unshown { get; init; }

    /// <summary>The names of the inputs; an empty name is an optional input left out.</summary>
    public IList<string> Inputs { get; }

    /// <summary>The names of the outputs; an empty name is an output not wanted.</summary>
    public IList<string> Outputs { get; }

    /// <summary>The attributes by name.</summary>
    public IDictionary<string, AttributeValue> Attributes { get; } = new SortedDictionary<string, AttributeValue>(StringComparer.Ordinal);

    /// <summary>The node's own metadata.</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>An input's name, or null if it was left out.</summary>
    /// <param name="index">The 0-based position.</param>
    public string? InputOrNull(int index) => index < Inputs.Count && Inputs[index].Length > 0 ? Inputs[index] : null;

    /// <summary>An integer attribute, or the operator's default.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="fallback">The default.</param>
    public long Int(string name, long fallback) => Attributes.TryGetValue(name, out var a) ? Cast<IntValue>(name, a).Value : fallback;

    /// <summary>A float attribute, or the operator's default.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="fallback">The default.</param>
    public float Float(string name, float fallback) => Attributes.TryGetValue(name, out var a) ? Cast<FloatValue>(name, a).Value : fallback;

    /// <summary>A text attribute, or the operator's default.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="fallback">The default.</param>
    public string Text(string name, string fallback) => Attributes.TryGetValue(name, out var a) ? Cast<TextValue>(name, a).Value : fallback;

    /// <summary>An integer-list attribute, or null if absent.</summary>
    /// <param name="name">The attribute's name.</param>
    public IReadOnlyList<long>? Ints(string name) => Attributes.TryGetValue(name, out var a) ? Cast<IntsValue>(name, a).Values : null;

    /// <summary>A copy that can be changed without changing this node. The elements of constant tensors are copied too.</summary>
    public GraphNode Clone()
    {
        var copy = new GraphNode(Operation, Inputs, Outputs, Name) { Domain = Domain, Overload = Overload, Unshown = Unshown };
        foreach (var (name, value) in Attributes)
        {
            copy.Attributes.Add(name, value is TensorValue tensor ? tensor with { Value = tensor.Value.Clone() } : value);
        }

        foreach (var (key, value) in Metadata)
        {
            copy.Metadata.Add(key, value);
        }

        return copy;
    }

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"{Operation} '{Name}'" : $"{Operation} -> '{Outputs.FirstOrDefault()}'";

    private T Cast<T>(string name, AttributeValue attribute)
        where T : AttributeValue =>
        attribute as T ?? throw new GraphException($"The attribute '{name}' of {this} is a {attribute.GetType().Name}, but the operator defines a {typeof(T).Name}.");
}
