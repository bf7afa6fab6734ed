namespace DistillSharp.Graph.Format;

/// <summary>Puts a file's nodes in topological order: the file's own where it is one, else each node behind those that it needs.</summary>
/// <remarks>One walk over nodes and values, so that a file in the worst order costs no more than one in the best.</remarks>
internal sealed class NodeOrder
{
    private readonly IReadOnlyList<GraphNode> _nodes;
    private readonly HashSet<string> _ready;
    private readonly Dictionary<string, int> _producers = new(StringComparer.Ordinal);
    private readonly bool[] _placed, _open;
    private readonly List<GraphNode> _ordered;

    private NodeOrder(IReadOnlyList<GraphNode> nodes, HashSet<string> ready)
    {
        (_nodes, _ready) = (nodes, ready);
        (_placed, _open, _ordered) = (new bool[nodes.Count], new bool[nodes.Count], new(nodes.Count));
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string name in nodes[i].Outputs.Where(name => name.Length > 0))
            {
                if (ready.Contains(name))
                {
                    throw new GraphException($"{nodes[i]} makes the value '{name}', which is an input or a weight already.");
                }

                if (!_producers.TryAdd(name, i))
                {
                    throw new GraphException($"the value '{name}' is made by two nodes.");
                }
            }
        }
    }

    /// <summary>Puts nodes in order.</summary>
    /// <param name="nodes">The nodes, in the file's order.</param>
    /// <param name="ready">The names of inputs and weights.</param>
    /// <exception cref="GraphException">A value is made twice, or by nothing, or the nodes form a cycle; the message names the node.</exception>
    public static List<GraphNode> Of(IReadOnlyList<GraphNode> nodes, HashSet<string> ready)
    {
        var order = new NodeOrder(nodes, ready);
        for (int i = 0; i < nodes.Count; i++)
        {
            order.Place(i);
        }

        return order._ordered;
    }

    /// <summary>Places a node behind all it needs; a stack of its own, because a chain may be longer than the thread's.</summary>
    private void Place(int first)
    {
        if (_placed[first])
        {
            return;
        }

        var stack = new Stack<(int Node, IEnumerator<int> Needed)>();
        Open(first, stack);
        while (stack.TryPeek(out var top))
        {
            if (top.Needed.MoveNext())
            {
                Open(top.Needed.Current, stack);
                continue;
            }

            stack.Pop();
            _ordered.Add(_nodes[top.Node]);
            (_placed[top.Node], _open[top.Node]) = (true, false);
        }
    }

    private void Open(int node, Stack<(int Node, IEnumerator<int> Needed)> stack)
    {
        if (_placed[node])
        {
            return;
        }

        if (_open[node])
        {
            throw new GraphException($"the nodes form a cycle through {_nodes[node]}.");
        }

        _open[node] = true;
        stack.Push((node, Needed(_nodes[node]).GetEnumerator()));
    }

    /// <summary>The nodes that make what a node reads, or what its subgraphs read from outside.</summary>
    private IEnumerable<int> Needed(GraphNode node)
    {
        foreach (string name in node.Inputs.Where(name => name.Length > 0))
        {
            if (_producers.TryGetValue(name, out int producer))
            {
                yield return producer;
            }
            else if (!_ready.Contains(name))
            {
                throw new GraphException($"{node} reads '{name}', which nothing makes.");
            }
        }

        foreach (string name in Subgraphs.Captured(node))
        {
            if (_producers.TryGetValue(name, out int producer))
            {
                yield return producer;
            }
        }
    }
}
