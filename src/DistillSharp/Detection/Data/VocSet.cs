using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Detection.Data;

/// <summary>
/// A Pascal VOC set: <c>Annotations/*.xml</c>, <c>JPEGImages</c> and, where they are there, the lists <c>ImageSets/Main/{train,val,test}.txt</c>. Classes are the names that occur,
/// in ordinal order, which is VOC's own.
/// </summary>
/// <param name="folder">The set's folder.</param>
/// <param name="options">The options.</param>
/// <param name="cancellation">Stops the check.</param>
internal sealed class VocSet(string folder, DetectionDataOptions options, CancellationToken cancellation)
{
    private readonly List<string> _remarks = [];

    /// <summary>Whether a folder looks like such a set.</summary>
    public static bool IsVoc(string folder) =>
        Directory.Exists(Path.Combine(folder, "Annotations")) && Directory.EnumerateFiles(Path.Combine(folder, "Annotations"), "*.xml").Any();

    /// <summary>Reads, finds and checks.</summary>
    public DetectionDataset Open()
    {
        string[] paths = [.. Directory.EnumerateFiles(Path.Combine(folder, "Annotations"), "*.xml").Order(StringComparer.Ordinal)];
        var files = new VocFile?[paths.Length];
        Parallel.For(0, paths.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = options.Workers }, i => files[i] = Find(paths[i]));
        var found = files.OfType<VocFile>().ToDictionary(file => Path.GetFileNameWithoutExtension(file.Path), StringComparer.Ordinal);
        string[] names = [.. found.Values.SelectMany(file => file.ClassNames).Distinct().Order(StringComparer.Ordinal)];
        if (names.Length == 0)
        {
            string[] corrupt = [.. found.Values.Where(file => file.Corrupt is not null).Select(file => file.Corrupt!).Take(10)];
            throw new DataException($"{folder}: none of {paths.Length:N0} XML files in 'Annotations' has an object and a picture in 'JPEGImages'.{(corrupt.Length > 0 ? "\n  " : "")}{string.Join("\n  ", corrupt)}");
        }

        foreach (string path in paths.Where((_, i) => files[i] is null).Take(100))
        {
            _remarks.Add($"{path}: ignoring corrupt image/label: its picture is not in 'JPEGImages'");
        }

        int difficult = found.Values.Sum(file => file.DifficultCount);
        if (difficult > 0)
        {
            _remarks.Add($"{folder}: {difficult:N0} objects marked difficult left out");
        }

        var labels = PixelLabels.Of(folder, found.Values, names);
        var (train, validation, test) = (List("train", found), List("val", found), List("test", found));
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        var rest = test is null ? null : Check("test", test, labels, names.Length, allowsNoBoxes: true);
        rest = rest?.BoxCount > 0 ? rest : null;
        if (train is not null && validation is not null)
        {
            var opened = Check("train", train, labels, names.Length);
            return new(name, names, opened, Check("val", validation, labels, names.Length)) { Test = rest, Remarks = _remarks };
        }

        string[] all = train ?? List("trainval", found) ?? [.. found.Values.Select(file => file.Picture).Except(test ?? []).Order(StringComparer.Ordinal)];
        var (kept, heldOut) = DetectionSubset.Split(Check("train", all, labels, names.Length), options.ValidationShare, options.SplitSeed);
        _remarks.Add($"{folder}: no list of validation pictures; {heldOut.Count:N0} of {kept.Count + heldOut.Count:N0}, drawn by seed {options.SplitSeed}, validate");
        return new(name, names, kept, heldOut) { Test = rest, Remarks = _remarks };
    }

    private DetectionFiles Check(string part, string[] pictures, PixelLabels labels, int classes, bool allowsNoBoxes = false)
    {
        var files = new SplitCheck($"{folder}, {part}", classes, allowsNoBoxes, options, cancellation).Run(pictures, labels, "");
        _remarks.AddRange(files.Remarks);
        return files;
    }

    /// <summary>The pictures of a list in ImageSets/Main, or null where there is none.</summary>
    private string[]? List(string part, Dictionary<string, VocFile> files)
    {
        string list = Path.Combine(folder, "ImageSets", "Main", part + ".txt");
        if (!File.Exists(list))
        {
            return null;
        }

        var pictures = new List<string>();
        int number = 0;
        foreach (string line in File.ReadLines(list))
        {
            number++;
            string stem = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("");
            if (files.TryGetValue(stem, out var file))
            {
                pictures.Add(file.Picture);
            }
            else if (stem.Length > 0)
            {
                _remarks.Add($"{list}, line {number}: ignoring corrupt image/label: '{stem}' has no XML file in 'Annotations', or no picture");
            }
        }

        return pictures.Count > 0 ? [.. pictures.Distinct().Order(StringComparer.Ordinal)] : throw new DataException($"{list}: no picture of it has an XML file in 'Annotations' and lies in 'JPEGImages'.");
    }

    /// <summary>Reads a file and finds its picture: by the file's own name, or the one it says.</summary>
    private VocFile? Find(string path)
    {
        string images = options.Images ?? Path.Combine(folder, "JPEGImages"), stem = Path.GetFileNameWithoutExtension(path);
        string? picture = ImageFile.Extensions.Select(ending => Path.Combine(images, stem + ending)).FirstOrDefault(File.Exists);
        if (picture is not null)
        {
            return VocFile.Load(path, picture);
        }

        string said = VocFile.Load(path, "").FileName;
        return said.Length > 0 && File.Exists(Path.Combine(images, said)) ? VocFile.Load(path, Path.Combine(images, said)) : null;
    }
}
