using System.Security.Cryptography;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Formats;
using DistillSharp.Tasks.Tests.Data.Download;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Data.Formats;

/// <summary>How a named set is found, fetched, and refused: with a set of two pictures that exists nowhere else.</summary>
public sealed class IdxDatasetFormatTests : IDisposable
{
    private static readonly Dictionary<string, byte[]> s_files = new()
    {
        ["train-images-idx3-ubyte.gz"] = IdxBytes.Gzip(IdxBytes.Images(2, 2, [1, 2, 3, 4], [5, 6, 7, 8])),
        ["train-labels-idx1-ubyte.gz"] = IdxBytes.Gzip(IdxBytes.Labels(1, 0)),
        ["t10k-images-idx3-ubyte.gz"] = IdxBytes.Gzip(IdxBytes.Images(2, 2, [9, 9, 9, 9])),
        ["t10k-labels-idx1-ubyte.gz"] = IdxBytes.Gzip(IdxBytes.Labels(1)),
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_set_is_found_under_its_name_or_in_the_folder_itself()
    {
        Put(Path.Combine("named", "tiny-digits"));
        Put("itself");

        foreach (string root in new[] { "named", "itself" })
        {
            var data = Open(new() { Root = _folder[root], MayDownload = false });

            Assert.Equal("Tiny (2/1)", data.Name);
            Assert.Equal(["no", "yes"], data.ClassNames);
            Assert.Equal((1, 2, 2), (data.Input.Channels, data.Input.Height, data.Input.Width));
            Assert.Equal(0, data.Train.Read(1).Label);
            Assert.Equal<byte>([5, 6, 7, 8], data.Train.Read(1).Image.Pixels);
            Assert.Equal("train-images-idx3-ubyte.gz, record 1", data.Train.Describe(1));
        }
    }

    [Fact]
    public void The_given_folder_wins_over_the_cache_and_the_cache_over_the_network()
    {
        Put(Path.Combine("cache", "tiny-digits"));
        var cached = Open(new() { Root = _folder["empty"], Cache = _folder["cache"] });
        Put("given");
        File.WriteAllBytes(_folder["given", "t10k-labels-idx1-ubyte.gz"], IdxBytes.Gzip(IdxBytes.Labels(0)));

        Assert.Equal(1, cached.Test.LabelOf(0));
        Assert.Equal(0, Open(new() { Root = _folder["given"], Cache = _folder["cache"] }).Test.LabelOf(0));
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte")]
    [InlineData("train-images.idx3-ubyte")]
    public void An_unzipped_file_will_do_in_either_spelling(string name)
    {
        Put("given");
        File.Delete(_folder["given", "train-images-idx3-ubyte.gz"]);
        _folder.Write(Path.Combine("given", name), IdxBytes.Images(2, 2, [1, 2, 3, 4], [5, 6, 7, 8]));

        Assert.Equal(2, Open(new() { Root = _folder["given"], MayDownload = false }).Train.Count);
    }

    [Fact]
    public void An_absent_set_is_told_with_what_was_looked_for_where_and_where_to_put_it()
    {
        Put("given");
        File.Delete(_folder["given", "t10k-labels-idx1-ubyte.gz"]);

        var error = Assert.Throws<DataException>(() => Open(new() { Root = _folder["given"], Cache = _folder["cache"], MayDownload = false }));

        Assert.Contains("'tiny-digits' was not found", error.Message, StringComparison.Ordinal);
        Assert.All(s_files.Keys, name => Assert.Contains(name[..^3] + "[.gz]", error.Message, StringComparison.Ordinal));
        Assert.Contains($"'{_folder["given", "tiny-digits"]}', '{_folder["given"]}'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{_folder["cache", "tiny-digits"]}', '{_folder["cache"]}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Downloading is off", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Put the files into '{_folder["given", "tiny-digits"]}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("--data-root or DISTILLSHARP_DATA", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absent_set_is_fetched_into_the_cache_once()
    {
        using var server = new LoopbackServer((path, from) => LoopbackServer.File(s_files[path], from));
        var location = new DataLocation { Root = _folder["given"], Cache = _folder["cache"] };

        Assert.Equal("Tiny (2/1)", Open(location, server).Name);
        Assert.Equal("Tiny (2/1)", Open(location, server).Name);

        Assert.Equal(s_files.Keys, server.Requests.Select(request => request.Path));
        Assert.Equal(s_files.Keys.Order(StringComparer.Ordinal), Directory.GetFiles(_folder["cache", "tiny-digits"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists(_folder["given"]));
    }

    [Fact]
    public void A_set_that_cannot_be_fetched_is_told_with_the_cause_and_the_way_by_hand()
    {
        using var server = new LoopbackServer((_, _) => new(404, []));

        var error = Assert.Throws<DataException>(() => Open(new() { Root = _folder["given"], Cache = _folder["cache"] }, server));

        Assert.Contains("404", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Put the files into '{_folder["given", "tiny-digits"]}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_another_number_than_the_pictures_are_refused_by_file()
    {
        Put("given");
        File.WriteAllBytes(_folder["given", "t10k-labels-idx1-ubyte.gz"], IdxBytes.Gzip(IdxBytes.Labels(1, 1)));

        Assert.Contains("t10k-images-idx3-ubyte.gz: 1 pictures do not fit 2 labels", Assert.Throws<DataException>(() => Open(new() { Root = _folder["given"] })).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static ImageDataset Open(DataLocation location, LoopbackServer? server = null) => new Tiny(server?[""].ToString() ?? "http://127.0.0.1:1/").Open(location, TestContext.Current.CancellationToken);

    private void Put(string folder)
    {
        foreach (var (name, bytes) in s_files)
        {
            _folder.Write(Path.Combine(folder, name), bytes);
        }
    }

    private sealed class Tiny(string address)
        : IdxDatasetFormat("tiny-digits", "Tiny", address, [.. s_files.Values.Select(bytes => Convert.ToHexStringLower(SHA256.HashData(bytes)))], ["no", "yes"], 0.5f, 0.25f);
}
