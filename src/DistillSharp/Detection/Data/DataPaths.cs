using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection.Data.Shapes;

namespace DistillSharp.Detection.Data;

/// <summary>Finds data sets by path or name, and what the paths in a data.yaml mean.</summary>
internal static class DataPaths
{
    /// <summary>Whether a user means the set that the library paints itself: its exact name, and no file or folder of that name at hand.</summary>
    /// <param name="pathOrKey">What the user says.</param>
    /// <param name="workingFolder">The folder that relative paths are relative to.</param>
    public static bool IsPainted(string pathOrKey, string workingFolder) => pathOrKey == ShapesSet.Name && !Path.Exists(Path.Combine(workingFolder, pathOrKey));

    /// <summary>The file or folder that a user means.</summary>
    /// <param name="pathOrKey">A path, or the name of a data.yaml (<c>coco8.yaml</c>, <c>coco8</c>) in one of the usual folders.</param>
    /// <param name="location">The usual folders.</param>
    /// <exception cref="DataException">It is nowhere; the message says where it was looked for.</exception>
    public static string Find(string pathOrKey, DataLocation location)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pathOrKey);
        if (Path.Exists(pathOrKey))
        {
            return Path.GetFullPath(pathOrKey);
        }

        string name = Path.GetFileName(pathOrKey), stem = Path.GetFileNameWithoutExtension(pathOrKey);
        List<string> tried = [Path.GetFullPath(pathOrKey)];
        if (name == pathOrKey)
        {
            string[] files = Path.HasExtension(name) ? [name] : [name + ".yaml", name + ".yml"];
            tried.AddRange(location.Roots.SelectMany(root => files.SelectMany(file => new[] { Path.Combine(root, stem, file), Path.Combine(root, file) })));
        }

        return tried.FirstOrDefault(File.Exists) is { } found ? Path.GetFullPath(found) : throw new DataException(
            $"The data set '{pathOrKey}' does not exist. Looked for {string.Join(", ", tried.Select(path => $"'{path}'"))}. "
            + "Give the path of a data.yaml, or put its folder into one named with --data-root or DISTILLSHARP_DATA. File names are case-sensitive.");
    }

    /// <summary>The data.yaml of a folder, or null: the one of that name, or the only YAML file.</summary>
    public static string? YamlIn(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder).Where(path => Path.GetExtension(path) is ".yaml" or ".yml").Order(StringComparer.Ordinal)];
        return files.FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == "data") ?? (files.Length == 1 ? files[0] : null);
    }

    /// <summary>The folder that a data.yaml's entries are relative to: the first of those it may mean that holds the training pictures.</summary>
    /// <param name="yaml">The file.</param>
    /// <param name="location">The usual folders.</param>
    public static string Root(DataYaml yaml, DataLocation location)
    {
        string folder = Path.GetDirectoryName(yaml.File)!, told = yaml.Root ?? "";
        string[] candidates =
        [
            Path.GetFullPath(Path.Combine(folder, told)),
            .. location.Roots.Select(root => Path.GetFullPath(Path.Combine(root, told))),
            Path.GetFullPath(told.Length == 0 ? "." : told),

            // Many published files say a path of their author's machine, and lie beside their pictures.
            .. location.Roots.Select(root => Path.GetFullPath(Path.Combine(root, Path.GetFileName(Path.TrimEndingDirectorySeparator(told))))),
            folder,
        ];
        return candidates.FirstOrDefault(root => Path.Exists(Entry(root, yaml.Train[0])) && Path.Exists(Entry(root, yaml.Validation[0])))
            ?? candidates.FirstOrDefault(root => Path.Exists(Entry(root, yaml.Train[0])))
            ?? throw new DataException(
                $"{yaml.File}: images not found: 'train: {yaml.Train[0]}' is in none of {string.Join(", ", candidates.Distinct().Select(root => $"'{root}'"))}. "
                + "Correct 'path' or 'train' (paths are relative to the file's folder, and case-sensitive)"
                + (yaml.HasDownload ? "; its 'download' key is not followed: fetch the set yourself." : "."));
    }

    /// <summary>The full path of an entry.</summary>
    /// <param name="root">The set's folder.</param>
    /// <param name="entry">What the data.yaml says.</param>
    public static string Entry(string root, string entry)
    {
        string path = Path.GetFullPath(Path.Combine(root, entry));
        string inside = entry.StartsWith("../", StringComparison.Ordinal) ? Path.GetFullPath(Path.Combine(root, entry[3..])) : path;

        // Roboflow's exports say ../train/images of a folder beside the file.
        return !Path.Exists(path) && Path.Exists(inside) ? inside : path;
    }
}
