using DistillSharp.Tasks.Data.Download;

namespace DistillSharp.Tasks.Data.Formats;

/// <summary>CIFAR-100 in its binary form: 32x32 colour pictures of a hundred classes (Krizhevsky 2009); the fine labels are used.</summary>
[Plugin("cifar100", "Colour pictures of 100 classes, 32x32, 50,000/10,000")]
public sealed class Cifar100Format : DatasetFormat
{
    private const string Set = "cifar100", TrainFile = "train.bin", TestFile = "test.bin", NamesFile = "fine_label_names.txt", Inner = "cifar-100-binary";
    private const int Classes = 100;
    private static readonly RemoteFile s_archive = new(
        new("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"), "cifar-100-binary.tar.gz", "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec");

    /// <inheritdoc/>
    public override ImageDataset Open(DataLocation location, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(location);
        string folder = Find(location) ?? Fetch(location, cancellation);
        var train = CifarFile.Read("CIFAR-100", [Path.Combine(folder, TrainFile)], labelBytes: 2, Classes);
        var test = CifarFile.Read("CIFAR-100 test", [Path.Combine(folder, TestFile)], labelBytes: 2, Classes);
        return new(
            CifarFile.Describe("CIFAR-100", train.Count, test.Count), Names(folder), new(3, 32, 32, [0.5071f, 0.4867f, 0.4408f], [0.2675f, 0.2565f, 0.2761f]), train, test);
    }

    private static string[] Names(string folder)
    {
        string path = Path.Combine(folder, NamesFile);
        string[] names = File.Exists(path) ? [.. File.ReadLines(path).Where(line => line.Length > 0)] : [];
        return names.Length == Classes ? names : [.. Enumerable.Range(0, Classes).Select(i => $"class {i}")];
    }

    private static string? Find(DataLocation location) =>
        DataFinder.Folders(location, Set)
            .SelectMany(folder => new[] { folder, Path.Combine(folder, Inner) })
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, TrainFile)) && File.Exists(Path.Combine(folder, TestFile)));

    private static string Fetch(DataLocation location, CancellationToken cancellation)
    {
        string folder = Path.Combine(location.Cache, Set);
        if (!location.MayDownload)
        {
            throw DataFinder.Absent(location, Set, $"{TrainFile} and {TestFile}", "Downloading is off.");
        }

        try
        {
            TarArchive.Extract(Downloader.Fetch(s_archive, folder, location.Progress, cancellation), [TrainFile, TestFile, NamesFile], folder);
            return folder;
        }
        catch (DataException error)
        {
            throw DataFinder.Absent(location, Set, $"{TrainFile} and {TestFile}", error.Message);
        }
    }
}
