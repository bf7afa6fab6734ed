using Google.Protobuf;

namespace DistillSharp.Graph.Format;

/// <summary>
/// Replaces calls of the functions a file brings along by the functions' nodes. A function for another version of ONNX's operators, and one that
/// only subgraphs call, stays in the file for the session.
/// </summary>
/// <remarks>Calls within calls may multiply without bound in a hostile file, so nodes are counted.</remarks>
internal sealed class FunctionInliner
{
    private const int MaxNodes = 200_000, MaxDepth = 64;

    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> _functions = [];
    private readonly Dictionary<FunctionProto, Dictionary<string, long>> _imports = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, long> _opsets;
    private readonly HashSet<string> _names;
    private readonly List<NodeProto> _made = [];

    private FunctionInliner(ModelProto model)
    {
        _opsets = Opsets(model.OpsetImport);
        foreach (var function in model.Functions)
        {
            if (!_functions.TryAdd((Domain(function.Domain), function.Name, function.Overload), function))
            {
                throw new GraphException($"the function '{function.Domain}.{function.Name}' is defined twice.");
            }

            _imports[function] = Opsets(function.OpsetImport);
        }

        _names = [.. model.Graph.Node.SelectMany(node => node.Output), .. model.Graph.Input.Select(input => input.Name), .. model.Graph.Initializer.Select(tensor => tensor.Name)];
    }

    /// <summary>Replaces the calls in a model's graph.</summary>
    /// <param name="model">The model; it is changed.</param>
    public static void Inline(ModelProto model)
    {
        if (model.Functions.Count == 0)
        {
            return;
        }

        var inliner = new FunctionInliner(model);
        if (!model.Graph.Node.Any(node => inliner.Callee(node) is not null))
        {
            return;
        }

        foreach (var node in model.Graph.Node)
        {
            inliner.Add(node, 0);
        }

        model.Graph.Node.Clear();
        model.Graph.Node.AddRange(inliner._made);
        foreach (var (domain, version) in inliner._opsets.Where(pair => model.OpsetImport.All(import => Domain(import.Domain) != pair.Key)))
        {
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        }

        // What is still called (from a subgraph, or for another operator set) stays, with all that it may call.
        if (!inliner._made.Any(node => inliner._functions.ContainsKey(Key(node)) || Graphs(node).Any()))
        {
            model.Functions.Clear();
        }
    }

    private static (string, string, string) Key(NodeProto node) => (Domain(node.Domain), node.OpType, node.Overload);

    private static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;

    private static Dictionary<string, long> Opsets(IEnumerable<OperatorSetIdProto> imports)
    {
        var opsets = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var import in imports)
        {
            opsets[Domain(import.Domain)] = import.Version;
        }

        return opsets;
    }

    private static IEnumerable<GraphProto> Graphs(NodeProto node) => node.Attribute.SelectMany(attribute => attribute.Graphs.Prepend(attribute.G)).OfType<GraphProto>();

    /// <summary>The function a node calls, if its body means here what it meant there.</summary>
    private FunctionProto? Callee(NodeProto node) =>
        _functions.TryGetValue(Key(node), out var function) && _imports[function].All(import => !_opsets.TryGetValue(import.Key, out long version) || version == import.Value) ? function : null;

    private void Add(NodeProto node, int depth)
    {
        if (depth > MaxDepth || _made.Count > MaxNodes)
        {
            throw new GraphException($"the functions of the file call each other without end, or make more than {MaxNodes} nodes, at '{node.OpType}'.");
        }

        if (Callee(node) is not { } function)
        {
            _made.Add(node);
            return;
        }

        foreach (var (domain, version) in _imports[function])
        {
            _opsets.TryAdd(domain, version);
        }

        var names = Names(node, function);
        string prefix = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(name => name.Length > 0) ?? function.Name;
        var body = function.Node.Select(inner => inner.Clone()).ToList();
        foreach (string made in body.SelectMany(inner => inner.Output).Where(name => name.Length > 0))
        {
            if (!names.ContainsKey(made))
            {
                names[made] = Fresh($"{prefix}/{made}");
            }
        }

        foreach (var inner in body)
        {
            Bind(inner, node, function);
            Rename(inner, names);
            inner.Name = inner.Name.Length > 0 ? $"{prefix}/{inner.Name}" : "";
            Add(inner, depth + 1);
        }

        // An output that is an input passed through needs a node that makes it.
        foreach (var (output, caller) in function.Output.Zip(node.Output).Where(pair => pair.Second.Length > 0 && names[pair.First] != pair.Second))
        {
            var copy = new NodeProto { OpType = "Identity", Name = $"{prefix}/{output}" };
            copy.Input.Add(names[output]);
            copy.Output.Add(caller);
            _made.Add(copy);
        }
    }

    private static Dictionary<string, string> Names(NodeProto node, FunctionProto function)
    {
        if (node.Input.Count > function.Input.Count || node.Output.Count > function.Output.Count)
        {
            throw new GraphException($"the call '{node.Name}' of '{function.Name}' has {node.Input.Count} inputs and {node.Output.Count} outputs; the function has {function.Input.Count} and {function.Output.Count}.");
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < function.Input.Count; i++)
        {
            names[function.Input[i]] = i < node.Input.Count ? node.Input[i] : "";
        }

        var made = function.Node.SelectMany(inner => inner.Output).ToHashSet(StringComparer.Ordinal);
        foreach (var (output, caller) in function.Output.Zip(node.Output))
        {
            if (!made.Contains(output) && !names.ContainsKey(output))
            {
                throw new GraphException($"the function '{function.Name}' makes no '{output}', which is its output.");
            }

            if (made.Contains(output) && caller.Length > 0)
            {
                names.TryAdd(output, caller);
            }
        }

        return names;
    }

    /// <summary>Puts the call's attributes, or their defaults, where the body refers to them.</summary>
    private static void Bind(NodeProto inner, NodeProto call, FunctionProto function)
    {
        var bound = new List<AttributeProto>();
        foreach (var attribute in inner.Attribute)
        {
            if (attribute.RefAttrName.Length > 0)
            {
                if ((call.Attribute.FirstOrDefault(given => given.Name == attribute.RefAttrName) ?? function.AttributeProto.FirstOrDefault(given => given.Name == attribute.RefAttrName)) is { } told)
                {
                    var value = told.Clone();
                    value.Name = attribute.Name;
                    bound.Add(value);
                }

                continue;
            }

            foreach (var nested in attribute.Graphs.Prepend(attribute.G).OfType<GraphProto>().SelectMany(graph => graph.Node))
            {
                Bind(nested, call, function);
            }

            bound.Add(attribute);
        }

        inner.Attribute.Clear();
        inner.Attribute.AddRange(bound);
    }

    /// <summary>Renames what a node and its subgraphs read and make.</summary>
    public static void Rename(NodeProto node, Dictionary<string, string> names)
    {
        for (int i = 0; i < node.Input.Count; i++)
        {
            node.Input[i] = names.GetValueOrDefault(node.Input[i], node.Input[i]);
        }

        for (int i = 0; i < node.Output.Count; i++)
        {
            node.Output[i] = names.GetValueOrDefault(node.Output[i], node.Output[i]);
        }

        foreach (var graph in Graphs(node))
        {
            // A name the subgraph makes itself hides the outer one.
            var own = graph.Node.SelectMany(inner => inner.Output).Concat(graph.Input.Select(input => input.Name)).Concat(graph.Initializer.Select(tensor => tensor.Name)).ToHashSet(StringComparer.Ordinal);
            var outer = names.Where(pair => !own.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal);
            foreach (var inner in graph.Node)
            {
                Rename(inner, outer);
            }

            foreach (var output in graph.Output)
            {
                output.Name = outer.GetValueOrDefault(output.Name, output.Name);
            }
        }
    }

    private string Fresh(string wish)
    {
        string name = wish;
        for (int i = 1; !_names.Add(name); i++)
        {
            name = $"{wish}_{i}";
        }

        return name;
    }
}
