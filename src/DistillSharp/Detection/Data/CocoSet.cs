using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Detection.Data;

/// <summary>A set of COCO files: one to train on, and one to validate with or a part of the first.</summary>
/// <param name="path">The training file.</param>
/// <param name="options">The options.</param>
/// <param name="cancellation">Stops the check.</param>
internal sealed class CocoSet(string path, DetectionDataOptions options, CancellationToken cancellation)
{
    private static readonly string[] s_validationWords = ["val", "valid", "validation"];

    /// <summary>Reads, finds and checks.</summary>
    public DetectionDataset Open()
    {
        var file = CocoFile.Load(path);
        var train = Check(file, file.ClassNames, Split(path, file.ClassNames.Count), options.Images);
        List<string> remarks = [.. train.Remarks];
        string name = Path.GetFileNameWithoutExtension(path);
        if ((options.Validation ?? Partner(path)) is { } partner)
        {
            var validation = Check(CocoFile.Load(partner), file.ClassNames, Split(partner, file.ClassNames.Count), images: null);
            return new(name, file.ClassNames, train, validation) { Remarks = [.. remarks, .. validation.Remarks] };
        }

        var (kept, heldOut) = DetectionSubset.Split(train, options.ValidationShare, options.SplitSeed);
        remarks.Add($"{path}: no validation file; {heldOut.Count:N0} of {train.Count:N0} pictures, drawn by seed {options.SplitSeed}, validate");
        return new(name, file.ClassNames, kept, heldOut) { Remarks = remarks };
    }

    /// <summary>Checks the pictures of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="names">The set's classes.</param>
    /// <param name="split">How.</param>
    /// <param name="images">The pictures' folder, or null for the usual places.</param>
    public static DetectionFiles Check(CocoFile file, IReadOnlyList<string> names, SplitCheck split, string? images)
    {
        var indices = names.Select((name, index) => (name, index)).GroupBy(pair => pair.name).ToDictionary(group => group.Key, group => group.First().index, StringComparer.Ordinal);
        int[] classes = [.. file.ClassNames.Select((name, index) => index < names.Count && names[index] == name ? index
            : indices.TryGetValue(name, out int known) ? known
            : throw new DataException($"{file.Path}: the category '{name}' is none of the set's {names.Count} classes: {string.Join(", ", names.Take(10))}{(names.Count > 10 ? ", …" : "")}."))];
        string folder = Folder(file, images);
        var found = split.Run([.. file.FileNames.Distinct().Select(name => Path.Combine(folder, name))], PixelLabels.Of(file, folder, classes), "");
        return file.Remarks.Count > 0 ? found.WithRemarks(file.Remarks) : found;
    }

    /// <summary>The first of the usual folders that holds a picture of the file.</summary>
    private static string Folder(CocoFile file, string? images)
    {
        string beside = Path.GetDirectoryName(file.Path)!, above = Path.GetDirectoryName(beside) ?? beside, part = Path.GetFileNameWithoutExtension(file.Path).Split('_')[^1];
        string[] tried = images is not null ? [Path.GetFullPath(images)]
            : [.. new[] { beside, above }.SelectMany(root => new[] { Path.Combine(root, part), Path.Combine(root, "images", part), Path.Combine(root, "images"), root }).Distinct()];
        string[] names = [.. file.FileNames.Take(100)];
        return tried.FirstOrDefault(folder => names.Any(name => File.Exists(Path.Combine(folder, name)))) ?? throw new DataException(
            $"{file.Path}: the pictures ('{names[0]}') were found in none of {string.Join(", ", tried.Select(folder => $"'{folder}'"))}. Name their folder with the option Images.");
    }

    /// <summary>The validation file of a training file, by its name or its folder's: train → val.</summary>
    private static string? Partner(string path)
    {
        string folder = Path.GetDirectoryName(path)!, name = Path.GetFileName(path);
        string? above = Path.GetDirectoryName(folder);
        return s_validationWords.SelectMany(word => new[]
        {
            name.Contains("train", StringComparison.Ordinal) ? Path.Combine(folder, name.Replace("train", word, StringComparison.Ordinal)) : null,
            above is not null && Path.GetFileName(folder).Contains("train", StringComparison.Ordinal) ? Path.Combine(above, Path.GetFileName(folder).Replace("train", word, StringComparison.Ordinal), name) : null,
        }).FirstOrDefault(File.Exists);
    }

    private SplitCheck Split(string file, int classes) => new(file, classes, AllowsNoBoxes: false, options, cancellation);
}
