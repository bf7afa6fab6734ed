using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Quantization;

/// <summary>Which values share a scale, so that moving elements moves integers and converts nothing.</summary>
internal sealed class ScaleGroups(ModelGraph graph, GraphUses uses)
{
    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (double Low, double High)> _bounds = new(StringComparer.Ordinal);

    /// <summary>Lets what a node moves share one scale; inputs of a Concat only where none is cut off differently, or its Relu could not be fused.</summary>
    public void Join(GraphNode node)
    {
        string[] inputs = [.. OperatorRoles.DataInputs(node).Select(i => node.Inputs[i])];
        if (inputs.Any(name => graph.FindInitializer(name) is not null) || inputs.Any(name => BoundsOf(name) != BoundsOf(inputs[0])))
        {
            return;
        }

        foreach (string name in inputs.Skip(1).Concat(node.Outputs.Where(name => name.Length > 0)))
        {
            _parents[RootOf(name)] = RootOf(inputs[0]);
        }
    }

    /// <summary>The value that stands for the group.</summary>
    public string RootOf(string name)
    {
        while (_parents.TryGetValue(name, out string? parent) && parent != name)
        {
            name = parent;
        }

        return name;
    }

    /// <summary>Whether the value brings numbers of its own into the group.</summary>
    public bool IsObserved(string name, HashSet<GraphNode> nodes) =>
        uses.Producer(name) is not { } producer || !nodes.Contains(producer) || OperatorRoles.Of(graph, producer) != OperatorRole.PassThrough
        || OperatorRoles.DataInputs(producer).Any(i => RootOf(producer.Inputs[i]) != RootOf(name));

    /// <summary>What a Relu or Clip at or above the value cuts off.</summary>
    public (double Low, double High) BoundsOf(string name)
    {
        if (!_bounds.TryGetValue(name, out var bounds))
        {
            bounds = _bounds[name] = FindBounds(name);
        }

        return bounds;
    }

    private (double Low, double High) FindBounds(string name)
    {
        (double, double) none = (double.NegativeInfinity, double.PositiveInfinity);
        if (uses.Producer(name) is not { } producer)
        {
            return none;
        }

        switch (OperatorRoles.Of(graph, producer))
        {
            case OperatorRole.Rectifier:
                return OperatorRoles.Bounds(graph, producer) ?? none;
            case OperatorRole.PassThrough:
                var all = OperatorRoles.DataInputs(producer).Select(i => BoundsOf(producer.Inputs[i])).Distinct().ToList();
                return all.Count == 1 ? all[0] : none;
            default:
                return none;
        }
    }
}
