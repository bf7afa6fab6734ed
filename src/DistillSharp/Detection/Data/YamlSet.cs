using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Detection.Data;

/// <summary>A set that a data.yaml describes.</summary>
/// <param name="yaml">The file.</param>
/// <param name="options">The options.</param>
/// <param name="cancellation">Stops the check.</param>
internal sealed class YamlSet(DataYaml yaml, DetectionDataOptions options, CancellationToken cancellation)
{
    private readonly string _root = DataPaths.Root(yaml, options.Location);
    private readonly List<string> _remarks = [];

    /// <summary>Finds, checks and opens the pictures.</summary>
    public DetectionDataset Open()
    {
        if (yaml.HasDownload)
        {
            _remarks.Add($"{yaml.File}: the 'download' key is not followed; the files that are there are used");
        }

        var train = Split("train", yaml.Train, allowsNoBoxes: false);
        var validation = yaml.Validation.SequenceEqual(yaml.Train) ? train : Split("val", yaml.Validation, allowsNoBoxes: false);
        return new(Path.GetFileNameWithoutExtension(yaml.File), yaml.Names, train, validation) { Test = Test(), Remarks = [.. _remarks] };
    }

    private DetectionFiles? Test()
    {
        if (yaml.Test.Count == 0)
        {
            return null;
        }

        // Published test sets often lack, or lack labels: training can do without.
        if (yaml.Test.FirstOrDefault(entry => !Path.Exists(DataPaths.Entry(_root, entry))) is { } absent)
        {
            _remarks.Add($"{yaml.File}: no test pictures: '{DataPaths.Entry(_root, absent)}' does not exist");
            return null;
        }

        var test = Split("test", yaml.Test, allowsNoBoxes: true);
        if (test.BoxCount == 0)
        {
            _remarks.Add($"{yaml.File}: the test pictures have no labels and are left out");
            return null;
        }

        return test;
    }

    private DetectionFiles Split(string name, IReadOnlyList<string> entries, bool allowsNoBoxes)
    {
        var checkedSplit = new SplitCheck($"{yaml.File}, {name}", yaml.Names.Count, allowsNoBoxes, options, cancellation);
        if (entries is [var one] && Path.GetExtension(one).Equals(".json", StringComparison.OrdinalIgnoreCase))
        {
            return Noted(CocoSet.Check(CocoFile.Load(DataPaths.Entry(_root, one)), yaml.Names, checkedSplit, options.Images));
        }

        var listing = new PictureListing();
        foreach (string entry in entries)
        {
            listing.Add(DataPaths.Entry(_root, entry), _root);
        }

        _remarks.AddRange(listing.Remarks);
        if (listing.Pictures.Count == 0)
        {
            throw new DataException(
                $"{checkedSplit.Name}: no images found in {string.Join(", ", entries.Select(entry => $"'{DataPaths.Entry(_root, entry)}'"))}"
                + (listing.Remarks.Count > 0 ? $":\n  {string.Join("\n  ", listing.Remarks.Take(10))}" : $" ({string.Join(", ", ImageFile.Extensions)})."));
        }

        var labels = new YoloLabels();
        string hint = $"The labels of '{listing.Pictures[0]}' were looked for in '{labels.FileOf(listing.Pictures[0])}': the folder 'images' becomes 'labels', the ending '.txt'.";
        return Noted(checkedSplit.Run(listing.Pictures, labels, hint));
    }

    private DetectionFiles Noted(DetectionFiles files)
    {
        _remarks.AddRange(files.Remarks);
        return files;
    }
}
