using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Data.Formats;

/// <summary>
/// A folder of pictures: <c>train/CLASS/*.jpg</c> with <c>val</c> or <c>test</c> beside it, or <c>CLASS/*.jpg</c> alone,
/// which is split by a seed. Classes are the folders' names in ordinal order. The folder is the data root itself.
/// </summary>
/// <param name="options">The options.</param>
[Plugin("image-folder", "A folder of pictures, one subfolder a class, with train/val or a seeded split")]
public sealed class ImageFolderFormat(ImageFolderOptions options) : DatasetFormat
{
    private static readonly string[] s_testNames = ["test", "val", "valid", "validation"];

    /// <inheritdoc/>
    public override ImageDataset Open(DataLocation location, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(location);
        string root = location.Root ?? Environment.GetEnvironmentVariable("DISTILLSHARP_DATA")
            ?? throw new DataException("An image folder needs its path: give it with --data-root or data.root.");
        if (!Directory.Exists(root))
        {
            throw new DataException($"The folder '{Path.GetFullPath(root)}' does not exist. An image folder holds train/CLASS/*.jpg and val/CLASS/*.jpg, or CLASS/*.jpg.");
        }

        string train = Path.Combine(root, "train");
        string? test = s_testNames.Select(name => Path.Combine(root, name)).FirstOrDefault(Directory.Exists);
        string first = Directory.Exists(train) ? train : root;
        string[] classes = [.. Directory.EnumerateDirectories(first).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)];
        if (classes.Length < 2)
        {
            throw new DataException($"'{first}' has {classes.Length} subfolders; an image folder needs one subfolder for each of 2 classes or more.");
        }

        var all = new FolderSamples(first, classes);
        var (kept, heldOut) = test is not null && first == train
            ? (all, (ISampleSource)new FolderSamples(test, classes))
            : Split(all);
        string name = $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)))}, {kept.Count:N0}/{heldOut.Count:N0}";
        return new(name, classes, new(3, options.Size, options.Size, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]), kept, heldOut);
    }

    private (ISampleSource Kept, ISampleSource HeldOut) Split(FolderSamples all)
    {
        var (kept, heldOut) = SeededSplit.Split(all, options.TestShare, options.SplitSeed);
        if (heldOut.Count == 0 || kept.Count == 0)
        {
            throw new DataException($"Of {all.Count} pictures a test share of {options.TestShare} leaves {kept.Count} to train on and {heldOut.Count} to test with: no class is large enough. Add pictures, a test folder, or change the share.");
        }

        return (kept, heldOut);
    }

    private sealed class FolderSamples : ISampleSource
    {
        private readonly List<(string Path, int Label)> _files = [];

        public FolderSamples(string root, string[] classes)
        {
            var unknown = Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.') && !classes.Contains(name)).ToList();
            if (unknown.Count > 0)
            {
                throw new DataException($"'{root}' has classes that the training pictures lack: {string.Join(", ", unknown.Order(StringComparer.Ordinal))}.");
            }

            for (int label = 0; label < classes.Length; label++)
            {
                string folder = Path.Combine(root, classes[label]);
                if (Directory.Exists(folder))
                {
                    _files.AddRange(Directory.EnumerateFiles(folder)
                        .Where(path => ImageFile.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                        .Order(StringComparer.Ordinal).Select(path => (path, label)));
                }
            }

            if (_files.Count == 0)
            {
                throw new DataException($"'{root}' has no pictures in its class folders ({string.Join(", ", ImageFile.Extensions)}).");
            }
        }

        public int Count => _files.Count;

        public int LabelOf(int index) => _files[index].Label;

        public string Describe(int index) => _files[index].Path;

        public ImageSample Read(int index) => new(ImageFile.Load(_files[index].Path), _files[index].Label);
    }
}

/// <summary>The options of <c>image-folder</c>.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>The side that pictures are scaled and cropped to, pixels. Default 64.</summary>
    public int Size
    {
        get;
        init => field = value is >= 1 and <= 4096 ? value : throw new ArgumentOutOfRangeException(nameof(Size), value, "The pictures' side must be from 1 to 4096 pixels.");
    } = 64;

    /// <summary>The share of each class that becomes the test set where the folder has none, above 0 and below 1. Default 0.2.</summary>
    public double TestShare
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(TestShare), value, "The test share must be above 0 and below 1; 0.2 in practice.");
    } = 0.2;

    /// <summary>The seed of that split; it stays the same whatever the run's seed. Default 0.</summary>
    public long SplitSeed { get; init; }
}
