using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Passes;

/// <summary>Who makes and who reads each value of a graph, as it was when this was made.</summary>
/// <remarks>Values that a subgraph of If, Loop or Scan reads from outside count as read by that node, at no input of its own.</remarks>
public sealed class GraphUses
{
    private readonly Dictionary<string, GraphNode> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ValueUse>> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _outputs, _captured = new(StringComparer.Ordinal), _names;

    /// <summary>Looks at a graph.</summary>
    /// <param name="graph">The graph.</param>
    public GraphUses(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _outputs = [.. graph.Outputs.Select(output => output.Name)];
        _names = [.. graph.Inputs.Select(input => input.Name), .. graph.Initializers.Select(initializer => initializer.Name), .. graph.UnshownWeights];
        foreach (var node in graph.Nodes)
        {
            foreach (string name in node.Outputs.Where(name => name.Length > 0))
            {
                _producers[name] = node;
                _names.Add(name);
            }

            for (int i = 0; i < node.Inputs.Count; i++)
            {
                Read(node.Inputs[i], node, i);
            }

            foreach (string name in Subgraphs.Captured(node))
            {
                _captured.Add(name);
                Read(name, node, -1);
            }
        }
    }

    /// <summary>The node that makes a value, or null for inputs and initialisers.</summary>
    /// <param name="value">The value's name, or null.</param>
    public GraphNode? Producer(string? value) => value is null ? null : _producers.GetValueOrDefault(value);

    /// <summary>Every place at which nodes read a value.</summary>
    /// <param name="value">The value's name.</param>
    public IReadOnlyList<ValueUse> Readers(string value) => _readers.TryGetValue(value, out var found) ? found : [];

    /// <summary>Whether the value is one of the graph's outputs.</summary>
    /// <param name="value">The value's name.</param>
    public bool IsOutput(string value) => _outputs.Contains(value);

    /// <summary>Whether a subgraph reads the value by its name, so that it can be neither renamed nor removed.</summary>
    /// <param name="value">The value's name.</param>
    public bool IsCaptured(string value) => _captured.Contains(value);

    /// <summary>Whether anything needs the value: a node, a subgraph, or the caller.</summary>
    /// <param name="value">The value's name; an empty one is never needed.</param>
    public bool IsNeeded(string value) => value.Length > 0 && (_readers.ContainsKey(value) || _outputs.Contains(value));

    /// <summary>The only node that reads the value, if it reads it once and neither a subgraph nor the caller sees it; else null.</summary>
    /// <param name="value">The value's name.</param>
    public GraphNode? OnlyReader(string value) => !IsOutput(value) && Readers(value) is [{ Index: >= 0 } only] ? only.Node : null;

    /// <summary>A name no value has yet.</summary>
    /// <param name="wish">The name wished for; a number is added where it is taken.</param>
    public string Fresh(string wish)
    {
        // Numbers below the last one given are taken: a wish that is made often is not counted from the start each time.
        int number = _numbers.GetValueOrDefault(wish);
        string name = number == 0 ? wish : $"{wish}_{number}";
        while (!_names.Add(name) || _captured.Contains(name))
        {
            name = $"{wish}_{++number}";
        }

        _numbers[wish] = number;
        return name;
    }

    private void Read(string value, GraphNode node, int index)
    {
        if (value.Length > 0)
        {
            (_readers.TryGetValue(value, out var list) ? list : _readers[value] = []).Add(new(node, index));
        }
    }
}

/// <summary>One place at which a node reads a value.</summary>
/// <param name="Node">The node.</param>
/// <param name="Index">The input's 0-based position; -1 if a subgraph of the node reads it.</param>
public sealed record ValueUse(GraphNode Node, int Index);
