using System.Globalization;

namespace DistillSharp.Graph.Passes;

/// <summary>What a pass did: counts of changes by kind, and notes on what it left alone.</summary>
/// <param name="pass">The pass's name.</param>
public sealed class PassChanges(string pass)
{
    private readonly OrderedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];

    /// <summary>The pass's name.</summary>
    public string Pass { get; } = pass;

    /// <summary>How many changes of each kind, in the order in which the kinds first came up.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>What was left alone and why, each naming its node or value.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>All changes together; 0 if the graph is as it was.</summary>
    public int Total => _counts.Values.Sum();

    /// <summary>Counts changes.</summary>
    /// <param name="kind">What was done: <c>BatchNormalization folded</c>.</param>
    /// <param name="count">How often, 0 or more.</param>
    public void Add(string kind, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > 0)
        {
            _counts[kind] = _counts.GetValueOrDefault(kind) + count;
        }
    }

    /// <summary>Says what was left alone and why.</summary>
    /// <param name="note">The sentence; it names the node or value.</param>
    public void Note(string note) => _notes.Add(note);

    /// <summary>One line: <c>FoldBatchNorm: 19 BatchNormalization folded</c>.</summary>
    public override string ToString() =>
        $"{Pass}: {(_counts.Count == 0 ? "nothing to do" : string.Join(", ", _counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {pair.Key}"))))}";
}
