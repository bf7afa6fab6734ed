namespace DistillSharp.Tasks.Data;

/// <summary>Looks for the files of a named set in every root, directly and under the set's own name.</summary>
internal static class DataFinder
{
    /// <summary>The first folder that holds a file by one of some names, for each of the wanted files.</summary>
    /// <param name="location">Where to look.</param>
    /// <param name="set">The set's folder name.</param>
    /// <param name="alternatives">For each wanted file, the names it may have.</param>
    /// <returns>The files' paths, or null if no folder holds them all.</returns>
    public static IReadOnlyList<string>? Find(DataLocation location, string set, IReadOnlyList<IReadOnlyList<string>> alternatives)
    {
        foreach (string folder in Folders(location, set))
        {
            var found = alternatives.Select(names => names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)).ToList();
            if (found.All(path => path is not null))
            {
                return [.. found.Select(path => path!)];
            }
        }

        return null;
    }

    /// <summary>The folders looked in, best first.</summary>
    public static IEnumerable<string> Folders(DataLocation location, string set) =>
        location.Roots.SelectMany(root => new[] { Path.Combine(root, set), root });

    /// <summary>The error for a set that is nowhere.</summary>
    public static DataException Absent(DataLocation location, string set, string files, string why) =>
        new($"The data set '{set}' was not found. Looked for {files} in {string.Join(", ", Folders(location, set).Select(folder => $"'{folder}'"))}. {why} "
            + $"Put the files into '{Path.Combine(location.Roots[0], set)}', or name their folder with --data-root or DISTILLSHARP_DATA.");
}
