using System.Collections.Frozen;

namespace DistillSharp.Graph;

/// <summary>A model: nodes in topological order, values by name, and named initialisers that are its weights.</summary>
public sealed class ModelGraph
{
    /// <summary>The operator set that new graphs are written for.</summary>
    public const int DefaultOpset = 17;

    private readonly OrderedDictionary<string, Initializer> _initializers = new(StringComparer.Ordinal);

    /// <summary>The graph's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>The version of ONNX's own operator set.</summary>
    public int Opset { get; set; } = DefaultOpset;

    /// <summary>The versions of other operator domains the nodes use.</summary>
    public IDictionary<string, long> OtherOpsets { get; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The inputs a caller feeds, in order; initialisers are not among them.</summary>
    public IList<GraphValue> Inputs { get; } = [];

    /// <summary>The outputs, in order.</summary>
    public IList<GraphValue> Outputs { get; } = [];

    /// <summary>The nodes in topological order.</summary>
    public IList<GraphNode> Nodes { get; } = [];

    /// <summary>The initialisers in file order.</summary>
    public IReadOnlyList<Initializer> Initializers => [.. _initializers.Values];

    /// <summary>What is known of the values between inputs and outputs.</summary>
    public IDictionary<string, GraphValue> KnownValues { get; } = new Dictionary<string, GraphValue>(StringComparer.Ordinal);

    /// <summary>The file's metadata: the card and whatever else travels with the model.</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What a file held that the graph in memory does not show (functions, annotations), kept for writing it back. Empty if nothing.</summary>
    internal ReadOnlyMemory<byte> Envelope { get; init; }

    /// <summary>The names of the weights in the envelope: sparse ones, and those of element types that are not read.</summary>
    internal IReadOnlySet<string> UnshownWeights { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Adds an initialiser.</summary>
    /// <param name="initializer">The initialiser.</param>
    /// <exception cref="GraphException">One of that name exists.</exception>
    public void Add(Initializer initializer)
    {
        if (!_initializers.TryAdd(initializer.Name, initializer))
        {
            throw new GraphException($"The graph already has an initialiser named '{initializer.Name}'.");
        }
    }

    /// <summary>Finds an initialiser.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The initialiser, or null.</returns>
    public Initializer? FindInitializer(string? name) => name is not null && _initializers.TryGetValue(name, out var found) ? found : null;

    /// <summary>Removes an initialiser.</summary>
    /// <param name="name">The name.</param>
    public bool RemoveInitializer(string name) => _initializers.Remove(name);

    /// <summary>A copy that can be changed without changing this graph. The elements of initialisers are copied too.</summary>
    public ModelGraph Clone()
    {
        var copy = new ModelGraph { Name = Name, Opset = Opset, Envelope = Envelope, UnshownWeights = UnshownWeights };
        foreach (var (domain, version) in OtherOpsets)
        {
            copy.OtherOpsets.Add(domain, version);
        }

        foreach (var (key, value) in Metadata)
        {
            copy.Metadata.Add(key, value);
        }

        foreach (var (name, value) in KnownValues)
        {
            copy.KnownValues.Add(name, value);
        }

        foreach (var input in Inputs)
        {
            copy.Inputs.Add(input);
        }

        foreach (var output in Outputs)
        {
            copy.Outputs.Add(output);
        }

        foreach (var initializer in Initializers)
        {
            copy.Add(new(initializer.Name, initializer.Data.Clone(), initializer.Trainable) { Frozen = initializer.Frozen, Initialization = initializer.Initialization, Unshown = initializer.Unshown });
        }

        foreach (var node in Nodes)
        {
            copy.Nodes.Add(node.Clone());
        }

        return copy;
    }
}
