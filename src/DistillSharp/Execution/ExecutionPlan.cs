using DistillSharp.Execution.Patterns;
using DistillSharp.Graph;

namespace DistillSharp.Execution;

/// <summary>A graph compiled for a set of wanted values: a flat list of steps, each knowing which values die after it.</summary>
internal sealed class ExecutionPlan
{
    private ExecutionPlan(ValueSlots slots, IReadOnlyList<Step> steps, IReadOnlyList<string> wanted, IReadOnlyList<GraphNode> nodes)
    {
        Nodes = nodes;
        Slots = slots;
        Steps = steps;
        Wanted = wanted;
        Produced = [.. steps.SelectMany(step => step.Node.Outputs).Where(name => name.Length > 0).Select(slots.Of)];
    }

    /// <summary>One compiled node and the slots whose last reader it is.</summary>
    internal readonly record struct Step(GraphNode Node, Kernel Run, int[] Dying);

    /// <summary>The slots of all values.</summary>
    public ValueSlots Slots { get; }

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<Step> Steps { get; }

    /// <summary>The wanted values' names, in the order asked for.</summary>
    public IReadOnlyList<string> Wanted { get; }

    /// <summary>The graph's own nodes, of which a step may be several.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>The slots of all values that steps make.</summary>
    public IReadOnlyList<int> Produced { get; }

    /// <summary>Compiles a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="wanted">The values to compute; empty means the graph's outputs.</param>
    public static ExecutionPlan Compile(ModelGraph graph, IReadOnlyList<string> wanted)
    {
        string[] names = [.. (wanted.Count > 0 ? wanted : graph.Outputs.Select(output => output.Name)).Distinct(StringComparer.Ordinal)];
        var needed = Needed(graph, names);
        var planned = KnownPatterns.Apply(graph, needed, names);
        var nodes = planned.ConvertAll(one => one.Node);
        var slots = new ValueSlots(nodes, names);
        var kernels = planned.ConvertAll(one => one.Compile(new NodeContext(one.Node, graph, slots)));

        // Backwards, so that the first meeting with a value is its last use.
        var steps = new Step[nodes.Count];
        var seen = new HashSet<string>(names, StringComparer.Ordinal);
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            var dying = nodes[i].Inputs.Concat(nodes[i].Outputs)
                .Where(name => name.Length > 0 && seen.Add(name) && slots.ProducerOf(name) is not null)
                .Select(slots.Of);
            steps[i] = new(nodes[i], kernels[i], [.. dying]);
        }

        return new(slots, steps, names, needed);
    }

    private static List<GraphNode> Needed(ModelGraph graph, IReadOnlyList<string> wanted)
    {
        var needed = new HashSet<string>(wanted, StringComparer.Ordinal);
        var nodes = new List<GraphNode>();
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            if (node.Outputs.Any(needed.Contains))
            {
                nodes.Add(node);
                needed.UnionWith(node.Inputs);
            }
        }

        var produced = new HashSet<string>(nodes.SelectMany(node => node.Outputs).Concat(graph.Inputs.Select(input => input.Name)).Concat(graph.Initializers.Select(initializer => initializer.Name)), StringComparer.Ordinal);
        if (wanted.FirstOrDefault(name => !produced.Contains(name)) is { } missing)
        {
            throw new GraphException($"The graph makes no value named '{missing}'. Its outputs are {string.Join(", ", graph.Outputs.Select(output => $"'{output.Name}'"))}.");
        }

        // A file may hold weights that are not read (text, sparse ones), and a session run what is made of them.
        if (nodes.FirstOrDefault(node => node.Inputs.Any(name => name.Length > 0 && !produced.Contains(name))) is { } unread)
        {
            throw new OperatorNotCoveredException(unread, $"its input '{unread.Inputs.First(name => name.Length > 0 && !produced.Contains(name))}' is no tensor of numbers that is read here, or is made by nothing.");
        }

        nodes.Reverse();
        return nodes;
    }
}
