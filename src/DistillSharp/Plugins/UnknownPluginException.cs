using DistillSharp.Graph;

namespace DistillSharp.Plugins;

/// <summary>A key names no plug-in of its kind. The message lists near misses, or all there are.</summary>
public sealed class UnknownPluginException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">What was looked for: <c>model</c>, <c>loss</c>.</param>
    /// <param name="key">The key given.</param>
    /// <param name="known">The keys there are.</param>
    public UnknownPluginException(string kind, string key, IReadOnlyList<string> known)
        : base($"There is no {kind} named '{key}'. {Hint(key, known)}") => (Kind, Key, Known) = (kind, key, known);

    /// <summary>What was looked for.</summary>
    public string Kind { get; }

    /// <summary>The key given.</summary>
    public string Key { get; }

    /// <summary>The keys there are.</summary>
    public IReadOnlyList<string> Known { get; }

    private static string Hint(string key, IReadOnlyList<string> known) => NearMiss.Of(key, known) is { } near
        ? $"Did you mean '{near}'?"
        : $"There are {string.Join(", ", known)}.";
}
