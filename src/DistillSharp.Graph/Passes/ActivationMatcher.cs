using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Passes;

/// <summary>Recognises an activation that ends at a node.</summary>
/// <param name="graph">The graph; <see cref="Become"/> changes it.</param>
/// <param name="uses">Who reads what in the graph as it is.</param>
/// <param name="node">The node.</param>
internal sealed class ActivationMatcher(ModelGraph graph, GraphUses uses, GraphNode node)
{
    /// <summary>The bounds that a Relu, Clip, Max or Min, and those right before it, keep a value in; null if it is none of these.</summary>
    public ActivationBounds? Bounds()
    {
        if (Bounds(node) is not { } bounds || !IsFloat(bounds.Value))
        {
            return null;
        }

        // A bound before that nobody else reads is part of it: relu6 as min(relu(x), 6).
        while (uses.Producer(bounds.Value) is { } before && uses.OnlyReader(bounds.Value) is not null && Bounds(before) is { } earlier && IsFloat(earlier.Value))
        {
            float low = Math.Min(Math.Max(earlier.Low, bounds.Low), bounds.High), high = Math.Max(Math.Min(earlier.High, bounds.High), bounds.Low);
            bounds = new(earlier.Value, low, high);
        }

        return bounds;
    }

    /// <summary>What <c>clip(x + 3, 0, 6) / 6</c> is of, or null.</summary>
    public string? HardSigmoid() => Scaled(node) is { } clipped && Only(clipped) is { } clip ? Shifted(clip) : null;

    /// <summary>What <c>x · hardsigmoid(x)</c>, or <c>x · clip(x + 3, 0, 6) / 6</c>, is of, or null.</summary>
    public string? HardSwish()
    {
        if (node is { Operation: "Mul", Inputs.Count: 2 })
        {
            return Product(node, other => Only(other) is { Operation: "HardSigmoid" } gate && gate.Float("beta", 0.5f) == 0.5f && Math.Abs(gate.Float("alpha", 0.2f) - (1f / 6)) < 1e-6f ? gate.Inputs[0] : null);
        }

        return Scaled(node) is { } product && Only(product) is { Operation: "Mul", Inputs.Count: 2 } mul ? Product(mul, other => Only(other) is { } clip ? Shifted(clip) : null) : null;
    }

    /// <summary>Makes the node another one of a single input; nodes and constants it made unnecessary go.</summary>
    public void Become(string operation, string value, params ReadOnlySpan<(string Name, AttributeValue Value)> attributes)
    {
        string[] old = [.. node.Inputs];
        node.Operation = operation;
        node.Inputs.Clear();
        node.Inputs.Add(value);
        node.Attributes.Clear();
        foreach (var (name, told) in attributes)
        {
            node.Attributes.Add(name, told);
        }

        Release(old);
    }

    private void Release(IEnumerable<string> names)
    {
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            var now = new GraphUses(graph);
            if (now.IsNeeded(name))
            {
                continue;
            }

            if (now.Producer(name) is { } producer && producer.Outputs.All(output => !now.IsNeeded(output)))
            {
                graph.Nodes.Remove(producer);
                graph.KnownValues.Remove(name);
                Release(producer.Inputs);
            }
            else
            {
                graph.RemoveInitializer(name);
            }
        }
    }

    private ActivationBounds? Bounds(GraphNode candidate)
    {
        switch (candidate)
        {
            case { Domain: "", Operation: "Relu" }:
                return new(candidate.Inputs[0], 0, float.PositiveInfinity);
            case { Domain: "", Operation: "Clip" }:
                float? low = candidate.InputOrNull(1) is { } min ? Number(min) : float.NegativeInfinity, high = candidate.InputOrNull(2) is { } max ? Number(max) : float.PositiveInfinity;
                return low is { } from && high is { } to && from <= to ? new(candidate.Inputs[0], Open(from), Open(to)) : null;
            case { Domain: "", Operation: "Max" or "Min", Inputs.Count: 2 }:
                int constant = Number(candidate.Inputs[1]) is not null ? 1 : 0;
                string value = candidate.Inputs[1 - constant];
                return Number(candidate.Inputs[constant]) is { } bound && Keeps(value, candidate.Inputs[constant])
                    ? candidate.Operation == "Max" ? new(value, bound, float.PositiveInfinity) : new(value, float.NegativeInfinity, bound)
                    : null;
            default:
                return null;
        }
    }

    /// <summary>Exporters write no bound as the largest number.</summary>
    private static float Open(float bound) => bound == float.MaxValue ? float.PositiveInfinity : bound == float.MinValue ? float.NegativeInfinity : bound;

    /// <summary>What is divided by 6, or null.</summary>
    private string? Scaled(GraphNode candidate) => candidate switch
    {
        { Domain: "", Operation: "Div" } when Number(candidate.Inputs[1]) == 6 && Keeps(candidate.Inputs[0], candidate.Inputs[1]) => candidate.Inputs[0],
        { Domain: "", Operation: "Mul" } when Number(candidate.Inputs[1]) is { } right && Math.Abs(right - (1f / 6)) < 1e-6f && Keeps(candidate.Inputs[0], candidate.Inputs[1]) => candidate.Inputs[0],
        { Domain: "", Operation: "Mul" } when Number(candidate.Inputs[0]) is { } left && Math.Abs(left - (1f / 6)) < 1e-6f && Keeps(candidate.Inputs[1], candidate.Inputs[0]) => candidate.Inputs[1],
        _ => null,
    };

    /// <summary>What <c>clip(x + 3, 0, 6)</c> is of, or null.</summary>
    private string? Shifted(GraphNode clip)
    {
        if (Bounds(clip) is not { Low: 0, High: 6 } bounds || Only(bounds.Value) is not { Domain: "", Operation: "Add" } add)
        {
            return null;
        }

        int constant = Number(add.Inputs[1]) == 3 ? 1 : Number(add.Inputs[0]) == 3 ? 0 : -1;
        return constant >= 0 && Keeps(add.Inputs[1 - constant], add.Inputs[constant]) ? add.Inputs[1 - constant] : null;
    }

    private static string? Product(GraphNode mul, Func<string, string?> gate) =>
        gate(mul.Inputs[1]) is { } right && right == mul.Inputs[0] ? right : gate(mul.Inputs[0]) is { } left && left == mul.Inputs[1] ? left : null;

    /// <summary>The node that makes a value which only one other reads.</summary>
    private GraphNode? Only(string value) => uses.OnlyReader(value) is not null && uses.Producer(value) is { Domain: "" } producer ? producer : null;

    /// <summary>The number of a float constant of one element, or null.</summary>
    private float? Number(string name) => graph.FindInitializer(name)?.Data is { Count: 1 } data && data.Type.IsFloat() ? (float)data.ToDoubles()[0] : null;

    /// <summary>Whether a constant of one element leaves the value's shape as it is.</summary>
    private bool Keeps(string value, string constant) =>
        graph.FindInitializer(constant)!.Data.Shape.Count is var rank && (rank == 0 || ShapeInference.Find(graph, value)?.Shape?.Count >= rank);

    private bool IsFloat(string value) => ShapeInference.Find(graph, value)?.Type.IsFloat() == true;
}

/// <summary>A value kept in bounds.</summary>
/// <param name="Value">The value.</param>
/// <param name="Low">The lower bound; minus infinity for none.</param>
/// <param name="High">The upper bound; infinity for none.</param>
internal readonly record struct ActivationBounds(string Value, float Low, float High);
