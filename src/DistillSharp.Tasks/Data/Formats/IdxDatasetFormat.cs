using DistillSharp.Tasks.Data.Download;

namespace DistillSharp.Tasks.Data.Formats;

/// <summary>A data set of four IDX files: training and test, pictures and labels, each plain or gzipped.</summary>
/// <param name="set">The key, which is the folder's name too.</param>
/// <param name="title">The name in tables.</param>
/// <param name="address">Where the files are served.</param>
/// <param name="checksums">The SHA-256 of each gzipped file, in the order of the names.</param>
/// <param name="classNames">Ten class names.</param>
/// <param name="mean">The training pixels' mean, 0 to 1.</param>
/// <param name="deviation">The training pixels' standard deviation.</param>
public abstract class IdxDatasetFormat(string set, string title, string address, IReadOnlyList<string> checksums, IReadOnlyList<string> classNames, float mean, float deviation)
    : DatasetFormat
{
    private static readonly string[] s_names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <inheritdoc/>
    public override ImageDataset Open(DataLocation location, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(location);
        var files = DataFinder.Find(location, set, [.. s_names.Select(name => new[] { name + ".gz", name, name.Replace("-idx", ".idx", StringComparison.Ordinal) })])
            ?? Fetch(location, cancellation);
        var train = Read(files[0], files[1]);
        var test = Read(files[2], files[3]);
        var first = train.Read(0).Image;
        return new($"{title} ({train.Count:N0}/{test.Count:N0})", classNames, new(1, first.Height, first.Width, [mean], [deviation]), train, test);
    }

    private MemorySamples Read(string images, string labels) => new(Path.GetFileName(images), IdxFile.ReadImages(images), IdxFile.ReadLabels(labels, classNames.Count));

    private IReadOnlyList<string> Fetch(DataLocation location, CancellationToken cancellation)
    {
        string files = string.Join(", ", s_names.Select(name => name + "[.gz]"));
        if (!location.MayDownload)
        {
            throw DataFinder.Absent(location, set, files, "Downloading is off.");
        }

        string folder = Path.Combine(location.Cache, set);
        try
        {
            return [.. s_names.Select((name, i) => Downloader.Fetch(new(new($"{address}{name}.gz"), name + ".gz", checksums[i]), folder, location.Progress, cancellation))];
        }
        catch (DataException error)
        {
            throw DataFinder.Absent(location, set, files, error.Message);
        }
    }
}
