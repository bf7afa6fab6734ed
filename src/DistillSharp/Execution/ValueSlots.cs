using DistillSharp.Graph;

namespace DistillSharp.Execution;

/// <summary>Gives every value of a graph a slot number, and knows who produces, reads and wants it.</summary>
internal sealed class ValueSlots
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<GraphNode>> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GraphNode> _producers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wanted;

    public ValueSlots(IEnumerable<GraphNode> nodes, IEnumerable<string> wanted)
    {
        _wanted = new(wanted, StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            foreach (string input in node.Inputs.Where(name => name.Length > 0))
            {
                if (!_readers.TryGetValue(input, out var readers))
                {
                    _readers.Add(input, readers = []);
                }

                readers.Add(node);
            }

            foreach (string output in node.Outputs.Where(name => name.Length > 0))
            {
                _producers[output] = node;
            }
        }
    }

    /// <summary>How many slots were given.</summary>
    public int Count => _slots.Count;

    /// <summary>The slot of a value, given at the first asking.</summary>
    /// <param name="name">The value's name.</param>
    public int Of(string name)
    {
        if (!_slots.TryGetValue(name, out int slot))
        {
            _slots.Add(name, slot = _slots.Count);
        }

        return slot;
    }

    /// <summary>How many node inputs name a value.</summary>
    /// <param name="name">The value's name.</param>
    public int ReaderCount(string name) => ReadersOf(name).Count;

    /// <summary>The nodes that read a value, once for every input that names it.</summary>
    /// <param name="name">The value's name.</param>
    public IReadOnlyList<GraphNode> ReadersOf(string name) => _readers.GetValueOrDefault(name) ?? [];

    /// <summary>The node that makes a value, or null for an input or initialiser.</summary>
    /// <param name="name">The value's name.</param>
    public GraphNode? ProducerOf(string name) => _producers.GetValueOrDefault(name);

    /// <summary>Whether a value is an output of the plan.</summary>
    /// <param name="name">The value's name.</param>
    public bool IsWanted(string name) => _wanted.Contains(name);
}
