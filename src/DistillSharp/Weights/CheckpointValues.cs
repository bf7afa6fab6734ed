namespace DistillSharp.Weights;

/// <summary>Plain values out of a stranger's metadata.</summary>
internal static class CheckpointValues
{
    private const int MostClasses = 1_000_000, LongestText = 1000;

    /// <summary>A text that is short enough to be one that somebody meant to be read; otherwise null.</summary>
    /// <param name="value">What was found.</param>
    public static string? Text(object? value) => value is string { Length: > 0 and <= LongestText } text ? text : null;

    /// <summary>Class names by class, where every class from 0 on has exactly one; otherwise null.</summary>
    /// <param name="pairs">Classes and names, as they were found.</param>
    public static IReadOnlyDictionary<int, string>? Names(IEnumerable<(object? Class, object? Name)> pairs)
    {
        var names = new SortedDictionary<int, string>();
        foreach (var (key, value) in pairs)
        {
            if (key is not (long and >= 0 and < MostClasses and var index) || Text(value) is not { } name || !names.TryAdd((int)(long)index, name))
            {
                return null;
            }
        }

        return names.Count > 0 && names.Keys.SequenceEqual(Enumerable.Range(0, names.Count)) ? names : null;
    }
}
