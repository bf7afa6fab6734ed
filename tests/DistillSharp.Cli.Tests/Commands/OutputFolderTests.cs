using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class OutputFolderTests
{
    [Fact]
    public void A_folder_below_a_file_is_refused_before_training()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("plain", "a file");
        Refused(Path.Combine(file, "run"));
    }

    [Fact]
    public void A_folder_of_a_file_system_that_takes_none_is_refused_before_training()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is absent: run this test on Linux.");
        Refused("/proc/run");
    }

    [Fact]
    public void A_folder_without_the_right_to_write_is_refused_before_training()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "The administrator may write to every folder: run this test as another user.");
        using var folder = new TemporaryFolder();
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no mode bits: run this test on Linux or macOS.");
        }
        else
        {
            Directory.CreateDirectory(folder["closed"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Refused(folder["closed", "run"]);
        }
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        string recipe = folder.Write("run/recipe.yaml", "name: earlier\n");
        DistillCommand.RunIn(folder.Path, ["train", "--data", "glyphs", "--model", "mlp", "--out", "run"]).Refused(1, "already holds a run", "--resume", "--out");
        Assert.Equal("name: earlier\n", File.ReadAllText(recipe));
    }

    private static void Refused(string path)
    {
        var result = DistillCommand.Run("train", "--data", "glyphs", "--model", "mlp", "--out", path).Refused(1, $"The output folder '{path}' cannot be written to", "--out");
        Assert.DoesNotContain("epoch", result.Output, StringComparison.Ordinal);
    }
}
