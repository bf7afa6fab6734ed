namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>The values that nodes at one place of a model can read: those of their own graph, and those of the graphs around it.</summary>
/// <param name="outer">The graph around; null for a model's own graph and for a function.</param>
internal sealed class ValueScope(ValueScope? outer = null)
{
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);

    /// <summary>Adds a value of this graph; false if it has one of that name.</summary>
    public bool Add(string name) => _own.Add(name);

    /// <summary>Whether this graph has the value.</summary>
    public bool Owns(string name) => _own.Contains(name);

    /// <summary>Whether a graph around has a value of that name.</summary>
    public bool IsOuter(string name) => outer?.Sees(name) == true;

    /// <summary>Whether a node here can read the value.</summary>
    public bool Sees(string name) => Owns(name) || IsOuter(name);
}
