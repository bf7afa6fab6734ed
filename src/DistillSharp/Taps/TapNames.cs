using DistillSharp.Graph;

namespace DistillSharp.Taps;

/// <summary>Finds the value that a tap's name means.</summary>
public static class TapNames
{
    private static readonly char[] s_separators = ['.', '/', '_', ':'];

    /// <summary>
    /// The value of that name; else the last value produced under it as a module path: <c>layer3</c> finds <c>layer3.4</c>, and in a foreign graph
    /// <c>/layer3/layer3.4/relu/Relu_output_0</c>.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">A value's name, or a module path.</param>
    /// <param name="model">What messages call the model: <c>student</c>.</param>
    /// <returns>The value's name.</returns>
    /// <exception cref="GraphException">There is none; the message lists near misses.</exception>
    public static string Find(ModelGraph graph, string name, string model)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentException.ThrowIfNullOrEmpty(name);
        string? last = null;
        foreach (string value in Values(graph))
        {
            if (value == name)
            {
                return value;
            }

            last = IsUnder(value, name) ? value : last;
        }

        return last ?? throw new GraphException($"The {model} has no value '{name}', and none under that path. {Hint(graph, name)}");
    }

    /// <summary>Every value that a node makes, in the order they are made.</summary>
    internal static IEnumerable<string> Values(ModelGraph graph) => graph.Nodes.SelectMany(node => node.Outputs).Where(value => value.Length > 0);

    private static bool IsUnder(string value, string path)
    {
        // Exporters write a module's values as /path/…; the last module of a path may stand anywhere behind a separator.
        string trimmed = value.TrimStart('/');
        return trimmed.Length > path.Length && trimmed.StartsWith(path, StringComparison.Ordinal) && s_separators.Contains(trimmed[path.Length]);
    }

    private static string Hint(ModelGraph graph, string name)
    {
        string[] values = [.. Values(graph)];
        var known = values.Concat(values.SelectMany(Paths)).Distinct(StringComparer.Ordinal);
        var near = NearMiss.Several(name, known);
        return near.Count > 0
            ? $"Did you mean {string.Join(", ", near.Select(one => $"'{one}'"))}?"
            : $"There are {string.Join(", ", values.Take(8).Select(one => $"'{one}'"))}{(values.Length > 8 ? $" and {values.Length - 8} more; distill info lists them" : "")}.";
    }

    /// <summary>The module paths a value lies under: of <c>layer3.4.relu</c> these are <c>layer3</c> and <c>layer3.4</c>.</summary>
    private static IEnumerable<string> Paths(string value)
    {
        string trimmed = value.TrimStart('/');
        for (int i = 1; i < trimmed.Length; i++)
        {
            if (trimmed[i] is '.' or '/')
            {
                yield return trimmed[..i];
            }
        }
    }
}
