namespace DistillSharp.Graph.Format;

/// <summary>Where a path leads when every symbolic link on the way is followed.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>Follows the links of a path, of its folders too.</summary>
    /// <param name="path">A full path.</param>
    /// <exception cref="GraphException">Links lead to each other without end.</exception>
    public static string Of(string path) => Of(path, 0);

    private static string Of(string path, int links)
    {
        string root = Path.GetPathRoot(path) ?? "", real = root;
        foreach (string part in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            real = links < MaxLinks
                ? Of(Path.GetFullPath(Path.Combine(real, target)), ++links)
                : throw new GraphException($"the path '{path}' follows too many links.");
        }

        return real;
    }
}
