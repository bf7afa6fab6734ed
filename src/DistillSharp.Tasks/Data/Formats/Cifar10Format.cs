using DistillSharp.Tasks.Data.Download;

namespace DistillSharp.Tasks.Data.Formats;

/// <summary>CIFAR-10 in its binary form: 32x32 colour pictures of ten classes (Krizhevsky 2009). Any of the five training files will do; what was used is in the name.</summary>
[Plugin("cifar10", "Colour pictures of 10 classes, 32x32, 50,000/10,000; any subset of its files")]
public sealed class Cifar10Format : DatasetFormat
{
    private const string Set = "cifar10", TestFile = "test_batch.bin", Inner = "cifar-10-batches-bin";
    private static readonly string[] s_names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
    private static readonly string[] s_train = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];
    private static readonly RemoteFile s_archive = new(
        new("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"), "cifar-10-binary.tar.gz", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd");

    /// <inheritdoc/>
    public override ImageDataset Open(DataLocation location, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(location);
        string folder = Find(location) ?? Fetch(location, cancellation);
        var train = CifarFile.Read("CIFAR-10", s_train.Select(name => Path.Combine(folder, name)).Where(File.Exists), labelBytes: 1, s_names.Length);
        var test = CifarFile.Read("CIFAR-10 test", [Path.Combine(folder, TestFile)], labelBytes: 1, s_names.Length);
        return new(
            CifarFile.Describe("CIFAR-10", train.Count, test.Count), s_names, new(3, 32, 32, [0.4914f, 0.4822f, 0.4465f], [0.2470f, 0.2435f, 0.2616f]), train, test);
    }

    private static string? Find(DataLocation location) =>
        DataFinder.Folders(location, Set)
            .SelectMany(folder => new[] { folder, Path.Combine(folder, Inner) })
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, TestFile)) && s_train.Any(name => File.Exists(Path.Combine(folder, name))));

    private static string Fetch(DataLocation location, CancellationToken cancellation)
    {
        string files = $"{TestFile} and any of {string.Join(", ", s_train)}", folder = Path.Combine(location.Cache, Set);
        if (!location.MayDownload)
        {
            throw DataFinder.Absent(location, Set, files, "Downloading is off.");
        }

        try
        {
            TarArchive.Extract(Downloader.Fetch(s_archive, folder, location.Progress, cancellation), [.. s_train, TestFile], folder);
            return folder;
        }
        catch (DataException error)
        {
            throw DataFinder.Absent(location, Set, files, error.Message);
        }
    }
}
