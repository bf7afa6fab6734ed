using System.Security.Cryptography;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Download;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Data.Download;

public sealed class DownloaderTests : IDisposable
{
    private static readonly byte[] s_bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * i >> 5))];
    private static readonly string s_sum = Convert.ToHexStringLower(SHA256.HashData(s_bytes));

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_file_arrives_whole_in_a_folder_made_for_it()
    {
        using var server = new LoopbackServer((_, from) => LoopbackServer.File(s_bytes, from));

        string path = Downloader.Fetch(File(server), _folder["new", "folder"], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(_folder["new", "folder", "set.bin"], path);
        Assert.Equal(s_bytes, System.IO.File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder["new", "folder"]));
        Assert.Equal(("files/set.bin", null), Assert.Single(server.Requests));
    }

    [Fact]
    public void A_file_that_is_there_is_not_asked_for_again()
    {
        string path = _folder.Write("set.bin", "already here");
        using var server = new LoopbackServer((_, from) => LoopbackServer.File(s_bytes, from));

        Assert.Equal(path, Fetch(server));

        Assert.Empty(server.Requests);
        Assert.Equal("already here", System.IO.File.ReadAllText(path));
    }

    [Fact]
    public void A_part_is_resumed_where_it_ends()
    {
        _folder.Write("set.bin.part", s_bytes[..123_456]);
        using var server = new LoopbackServer((_, from) => LoopbackServer.File(s_bytes, from));
        var heard = new Listener();

        Assert.Equal(s_bytes, System.IO.File.ReadAllBytes(Fetch(server, heard)));

        Assert.Equal(123_456, Assert.Single(server.Requests).From);
        Assert.InRange(heard.Reports[0].Received, 123_457, 300_000);
        Assert.Equal(new("set.bin", 300_000, 300_000), heard.Reports[^1]);
        Assert.False(System.IO.File.Exists(_folder["set.bin.part"]));
    }

    [Fact]
    public void A_server_that_ignores_ranges_is_read_from_the_start()
    {
        _folder.Write("set.bin.part", new byte[50_000]);
        using var server = new LoopbackServer((_, _) => LoopbackServer.File(s_bytes, null));

        Assert.Equal(s_bytes, System.IO.File.ReadAllBytes(Fetch(server)));

        Assert.Equal(50_000, Assert.Single(server.Requests).From);
    }

    [Fact]
    public void A_part_that_was_whole_already_is_only_checked()
    {
        _folder.Write("set.bin.part", s_bytes);
        using var server = new LoopbackServer((_, _) => new(416, []));

        Assert.Equal(s_bytes, System.IO.File.ReadAllBytes(Fetch(server)));
    }

    [Fact]
    public void A_cut_connection_keeps_the_part_and_the_next_try_goes_on()
    {
        int tries = 0;
        using var server = new LoopbackServer((_, from) => LoopbackServer.File(s_bytes, from) with { CutAfter = tries++ == 0 ? 100_000 : null });

        var error = Assert.Throws<DataException>(() => Fetch(server));

        Assert.Contains($"'{server["files/set.bin"]}' could not be fetched", error.Message, StringComparison.Ordinal);
        Assert.Contains("go on where it stopped", error.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(_folder["set.bin"]));
        long kept = new FileInfo(_folder["set.bin.part"]).Length;
        Assert.InRange(kept, 1, 100_000);

        Assert.Equal(s_bytes, System.IO.File.ReadAllBytes(Fetch(server)));
        Assert.Equal([null, kept], server.Requests.Select(request => request.From));
    }

    [Fact]
    public void Other_bytes_than_promised_are_refused_with_both_checksums_and_not_kept()
    {
        using var server = new LoopbackServer((_, _) => LoopbackServer.File([1, 2, 3], null));

        var error = Assert.Throws<DataException>(() => Fetch(server));

        // The SHA-256 of the bytes 1, 2, 3, as sha256sum prints it.
        Assert.Contains("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81", error.Message, StringComparison.Ordinal);
        Assert.Contains(s_sum, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(503)]
    public void A_refusal_is_told_with_address_and_status_and_keeps_the_part(int status)
    {
        _folder.Write("set.bin.part", s_bytes[..10]);
        using var server = new LoopbackServer((_, _) => new(status, "sorry"u8.ToArray()));

        var error = Assert.Throws<DataException>(() => Fetch(server));

        Assert.Contains(server["files/set.bin"].ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains($"{status}", error.Message, StringComparison.Ordinal);
        Assert.Equal(s_bytes[..10], System.IO.File.ReadAllBytes(_folder["set.bin.part"]));
    }

    [Fact]
    public void A_server_that_is_not_there_is_told_with_its_address()
    {
        Uri address;
        using (var server = new LoopbackServer((_, _) => new(200, [])))
        {
            address = server["set.bin"];
        }

        var error = Assert.Throws<DataException>(() => Downloader.Fetch(new(address, "set.bin", s_sum), _folder.Path, cancellation: TestContext.Current.CancellationToken));

        Assert.Contains(address.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Progress_rises_to_the_total_and_the_file_gets_its_name_only_then()
    {
        using var server = new LoopbackServer((_, from) => LoopbackServer.File(s_bytes, from));
        var heard = new Listener(_ => Assert.False(System.IO.File.Exists(_folder["set.bin"])));

        Fetch(server, heard);

        Assert.Equal(heard.Reports.Select(report => report.Received).Order(), heard.Reports.Select(report => report.Received));
        Assert.All(heard.Reports, report => Assert.Equal(300_000, report.Total));
        Assert.Equal(300_000, heard.Reports[^1].Received);
    }

    [Fact]
    public void A_cancelled_transfer_keeps_what_arrived()
    {
        using var server = new LoopbackServer((_, from) => LoopbackServer.File(s_bytes, from));
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => Downloader.Fetch(File(server), _folder.Path, new Listener(_ => cancellation.Cancel()), cancellation.Token));

        byte[] part = System.IO.File.ReadAllBytes(_folder["set.bin.part"]);
        Assert.NotEmpty(part);
        Assert.Equal(s_bytes[..part.Length], part);
    }

    public void Dispose() => _folder.Dispose();

    private static RemoteFile File(LoopbackServer server) => new(server["files/set.bin"], "set.bin", s_sum);

    private string Fetch(LoopbackServer server, Listener? heard = null) => Downloader.Fetch(File(server), _folder.Path, heard, TestContext.Current.CancellationToken);

    private sealed class Listener(Action<DownloadProgress>? also = null) : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> Reports { get; } = [];

        public void Report(DownloadProgress value)
        {
            Reports.Add(value);
            also?.Invoke(value);
        }
    }
}
