using System.Text.RegularExpressions;
using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests;

public partial class HelpTests
{
    public static TheoryData<string> Commands => ["run", "train", "val", "predict", "info", "import", "convert", "quantize", "bench", "list", "report", "doctor"];

    [Fact]
    public void The_help_lists_every_command_with_what_it_does()
    {
        string help = DistillCommand.Run("--help").Done().Output;
        foreach (string command in Commands.Select(row => row.Data))
        {
            Assert.Matches(new Regex($@"^  {command}\b.*\s{{2,}}\S.+$", RegexOptions.Multiline), help);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_option_and_argument_is_described(string command)
    {
        string help = DistillCommand.Run(command, "--help").Done().Output;
        string[] symbols = [.. help.Split('\n').Where(line => Symbol().IsMatch(line))];
        Assert.NotEmpty(symbols);
        Assert.All(symbols, line => Assert.Matches(@"^  \S.*?\s{2,}[A-Za-z].{3,}$", line));
        Assert.Contains(symbols, line => line.Contains("--help", StringComparison.Ordinal));
    }

    [Fact]
    public void The_training_options_carry_the_names_the_field_uses()
    {
        string help = DistillCommand.Run("train", "--help").Done().Output;
        Assert.All(
            ["--data", "--model", "--teacher", "--epochs", "--batch", "--imgsz", "--lr", "--seed", "--device", "--workers", "--out"],
            option => Assert.Matches(new Regex($"^  {option}\\b", RegexOptions.Multiline), help));
    }

    [Fact]
    public void Help_asked_for_in_the_middle_of_a_command_is_given_and_nothing_is_run()
    {
        using var folder = new TemporaryFolder();
        var result = DistillCommand.RunIn(folder.Path, ["train", "--data", "glyphs", "--help", "--model", "mlp"]).Done();
        Assert.Contains("--epochs", result.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Help_answers_at_once()
    {
        // The quickest of five: other work on the machine delays the rest.
        double quickest = Enumerable.Range(0, 5).Min(_ => DistillCommand.Run("--help").Done().Elapsed.TotalSeconds);
        TestContext.Current.TestOutputHelper!.WriteLine($"quickest of five: {quickest:0.000} s, aim 0.3 s");
        Assert.True(quickest < 2, $"The help took {quickest:0.000} s.");
    }

    [Theory]
    [InlineData(false, "--help")]
    [InlineData(false, "train", "--help")]
    [InlineData(false, "list", "models")]
    [InlineData(true, "doctor")]
    public void Libtorch_is_loaded_only_by_what_needs_it(bool wanted, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The loader of Linux is absent, which prints what it loads: run this test on Linux.");
        using var folder = new TemporaryFolder();
        DistillCommand.RunIn(null, arguments, ("LD_DEBUG", "files"), ("LD_DEBUG_OUTPUT", folder["loaded"])).Done();
        string loaded = string.Concat(Directory.GetFiles(folder.Path).Select(File.ReadAllText));
        Assert.Contains("libcoreclr.so", loaded, StringComparison.Ordinal);
        Assert.Equal(wanted, loaded.Contains("libtorch", StringComparison.Ordinal));
        Assert.Equal(wanted, loaded.Contains("libLibTorchSharp", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^  (-|<)")]
    private static partial Regex Symbol();
}
