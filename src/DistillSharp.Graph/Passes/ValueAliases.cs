namespace DistillSharp.Graph.Passes;

/// <summary>Values that became one because what lay between them went. Their readers are told once, at the end, so that a long chain costs no more than its length.</summary>
/// <param name="graph">The graph.</param>
internal sealed class ValueAliases(ModelGraph graph)
{
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GraphNode> _renamed = new(StringComparer.Ordinal);

    /// <summary>Who made and read each value before.</summary>
    public GraphUses Uses { get; } = new(graph);

    /// <summary>What a value is called now.</summary>
    public string Resolve(string name)
    {
        string found = name;
        while (_aliases.TryGetValue(found, out string? next))
        {
            found = next;
        }

        // The next one to ask for it finds it at once.
        while (name != found)
        {
            (name, _aliases[name]) = (_aliases[name], found);
        }

        return found;
    }

    /// <summary>Makes two values one, under the name that is known outside.</summary>
    /// <param name="input">The value that stays, as it is called now.</param>
    /// <param name="output">The value that was a copy of it.</param>
    /// <returns>False if both are known outside.</returns>
    public bool Join(string input, string output)
    {
        if (output.Length == 0)
        {
            return true;
        }

        if (!Uses.IsOutput(output) && !Uses.IsCaptured(output))
        {
            _aliases[output] = input;
            graph.KnownValues.Remove(output);
            return true;
        }

        // The output keeps its name, so the value before takes it over; that must be a name nobody outside knows.
        if ((_renamed.GetValueOrDefault(input) ?? Uses.Producer(input)) is not { } producer || Uses.IsOutput(input) || Uses.IsCaptured(input))
        {
            return false;
        }

        producer.Outputs[producer.Outputs.IndexOf(input)] = output;
        _renamed[output] = producer;
        _aliases[input] = output;
        if (graph.KnownValues.Remove(input, out var known))
        {
            graph.KnownValues[output] = known with { Name = output };
        }

        return true;
    }

    /// <summary>Lets every node read values by what they are called now.</summary>
    public void Apply()
    {
        foreach (var node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                node.Inputs[i] = Resolve(node.Inputs[i]);
            }
        }
    }
}
