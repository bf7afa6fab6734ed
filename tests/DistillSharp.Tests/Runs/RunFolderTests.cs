using DistillSharp.Runs;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Runs;

public sealed class RunFolderTests
{
    [Fact]
    public void A_folder_is_made_with_its_parents_and_left_empty()
    {
        using var temporary = new TemporaryFolder();

        var folder = RunFolder.Open(temporary["a", "b"], "name", resume: false);

        Assert.Equal(temporary["a", "b"], folder.Location);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Location));
    }

    [Fact]
    public void Files_and_stages_have_their_places()
    {
        using var temporary = new TemporaryFolder();

        var folder = RunFolder.Open(temporary["run"], "name", resume: false);

        Assert.Equal(temporary["run", "recipe.yaml"], folder.Recipe);
        Assert.Equal(temporary["run", "report.html"], folder.HtmlReport);
        Assert.Equal(temporary["run", "report.json"], folder.JsonReport);
        Assert.Equal(temporary["run", "seed--1", "teacher"], folder.Stage(-1, "teacher"));
    }

    [Fact]
    public void Without_a_folder_the_next_free_number_is_taken()
    {
        using var temporary = new TemporaryFolder();

        // A full name takes the place of the current directory's "runs".
        string[] taken = [.. Enumerable.Range(0, 3).Select(_ => RunFolder.Open(null, temporary["runs", "mine"], resume: false).Location)];

        Assert.Equal([temporary["runs", "mine"], temporary["runs", "mine-2"], temporary["runs", "mine-3"]], taken);
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_not_run_over()
    {
        using var temporary = new TemporaryFolder();
        temporary.Write("run/recipe.yaml", "data: glyphs");

        var error = Assert.Throws<IOException>(() => RunFolder.Open(temporary["run"], "name", resume: false));

        Assert.Contains($"'{temporary["run"]}' already holds a run", error.Message, StringComparison.Ordinal);
        Assert.Contains("--resume", error.Message, StringComparison.Ordinal);
        Assert.Equal("data: glyphs", File.ReadAllText(temporary["run", "recipe.yaml"]));
    }

    [Fact]
    public void A_folder_without_a_run_cannot_be_gone_on_with()
    {
        using var temporary = new TemporaryFolder();

        var error = Assert.Throws<IOException>(() => RunFolder.Open(temporary["none"], "name", resume: true));

        Assert.Contains("no recipe.yaml", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(temporary["none"]));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_told_with_the_way_out()
    {
        using var temporary = new TemporaryFolder();
        string file = temporary.Write("file", "no folder");

        var error = Assert.Throws<IOException>(() => RunFolder.Open(Path.Combine(file, "run"), "name", resume: false));

        Assert.Contains($"'{Path.Combine(file, "run")}' cannot be written to", error.Message, StringComparison.Ordinal);
        Assert.Contains("--out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_folder_is_told_with_the_way_out()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "The administrator may write to every folder: run this test as another user.");
        using var temporary = new TemporaryFolder();
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no mode bits: run this test on Linux or macOS.");
        }
        else
        {
            Directory.CreateDirectory(temporary["locked"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Assert.Contains("cannot be written to", Assert.Throws<IOException>(() => RunFolder.Open(temporary["locked"], "name", resume: false)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_is_written_whole_over_an_older_one()
    {
        using var temporary = new TemporaryFolder();
        string path = temporary.Write("report.json", new string('x', 1000));

        RunFolder.WriteWhole(path, "{\"ä\": 1}");

        Assert.Equal("{\"ä\": 1}", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(temporary.Path));
    }

    [Fact]
    public void A_file_that_cannot_be_put_in_place_leaves_nothing_behind()
    {
        using var temporary = new TemporaryFolder();
        Directory.CreateDirectory(temporary["report.json", "in-the-way"]);

        Assert.ThrowsAny<Exception>(() => RunFolder.WriteWhole(temporary["report.json"], "text"));

        Assert.Empty(Directory.GetFiles(temporary.Path));
    }
}
