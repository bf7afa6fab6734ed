using System.Formats.Tar;
using System.Security.Cryptography;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Download;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Data.Download;

public sealed class TarArchiveTests : IDisposable
{
    // Bytes that do not compress, so that a cut archive is cut inside them.
    private static readonly byte[] s_noise = [.. Enumerable.Range(0, 2_000).SelectMany(i => SHA256.HashData([(byte)i, (byte)(i >> 8)]))];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_wanted_files_come_out_of_any_folder_and_nothing_else_does()
    {
        string archive = Write(("set/a.bin", s_noise), ("set/readme.html", [1]), ("deep/er/b.bin", [2, 3]));
        Directory.CreateDirectory(_folder["out"]);

        TarArchive.Extract(archive, ["a.bin", "b.bin"], _folder["out"]);

        Assert.Equal([_folder["out", "a.bin"], _folder["out", "b.bin"]], Directory.GetFileSystemEntries(_folder["out"]).Order(StringComparer.Ordinal));
        Assert.Equal(s_noise, File.ReadAllBytes(_folder["out", "a.bin"]));
        Assert.Equal<byte>([2, 3], File.ReadAllBytes(_folder["out", "b.bin"]));
    }

    [Fact]
    public void An_entry_that_leads_out_of_the_folder_stays_in_it()
    {
        string archive = Write(("../../a.bin", [1]), ("/tmp/b.bin", [2]));
        Directory.CreateDirectory(_folder["one", "two"]);

        TarArchive.Extract(archive, ["a.bin", "b.bin"], _folder["one", "two"]);

        Assert.Equal(["a.bin", "b.bin"], Directory.GetFiles(_folder["one"], "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_folder["one", "two"], path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_link_or_folder_of_a_wanted_name_is_not_the_file()
    {
        string archive = Pack(writer =>
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "a.bin") { LinkName = "/etc/hostname" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "b.bin"));
        });

        var error = Assert.Throws<DataException>(() => TarArchive.Extract(archive, ["b.bin", "a.bin"], _folder.Path));

        Assert.Equal($"'{archive}' lacks a.bin, b.bin.", error.Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string archive = Write(("set/a.bin", [1]));

        Assert.Equal($"'{archive}' lacks b.bin.", Assert.Throws<DataException>(() => TarArchive.Extract(archive, ["a.bin", "b.bin"], _folder.Path)).Message);
    }

    [Fact]
    public void An_archive_cut_short_is_refused_by_name_wherever_it_is_cut()
    {
        byte[] whole = File.ReadAllBytes(Write(("set/a.bin", s_noise), ("set/b.bin", s_noise)));
        Directory.CreateDirectory(_folder["out"]);
        for (int length = 1; length < whole.Length / 2; length += whole.Length / 20)
        {
            string archive = _folder.Write("cut.tar.gz", whole[..length]);

            var error = Assert.Throws<DataException>(() => TarArchive.Extract(archive, ["b.bin"], _folder["out"]));
            Assert.StartsWith($"'{archive}'", error.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(_folder["out"]));
        }
    }

    [Fact]
    public void An_archive_cut_inside_a_wanted_file_leaves_nothing_behind()
    {
        byte[] whole = File.ReadAllBytes(Write(("set/a.bin", s_noise)));
        string archive = _folder.Write("cut.tar.gz", whole[..(whole.Length / 2)]);
        Directory.CreateDirectory(_folder["out"]);

        Assert.Throws<DataException>(() => TarArchive.Extract(archive, ["a.bin"], _folder["out"]));

        Assert.Empty(Directory.GetFileSystemEntries(_folder["out"]));
    }

    [Fact]
    public void A_file_of_another_kind_is_refused_by_name()
    {
        string archive = _folder.Write("page.tar.gz", "<html>not found</html>");

        var error = Assert.Throws<DataException>(() => TarArchive.Extract(archive, ["a.bin"], _folder.Path));

        Assert.Contains($"'{archive}' is damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains("fetch it again", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Write(params (string Name, byte[] Bytes)[] files) => Pack(writer =>
    {
        foreach (var (name, bytes) in files)
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        }
    });

    private string Pack(Action<TarWriter> fill)
    {
        using var memory = new MemoryStream();
        using (var writer = new TarWriter(memory, leaveOpen: true))
        {
            fill(writer);
        }

        return _folder.Write("set.tar.gz", IdxBytes.Gzip(memory.ToArray()));
    }
}
