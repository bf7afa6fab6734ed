using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class UndecodablePictureTests
{
    private static readonly string[] s_fast = ["--model", "mlp", "--epochs", "2", "--batch", "16", "--imgsz", "8"];

    [Fact]
    public void One_among_good_ones_stops_the_run_and_is_named()
    {
        using var folder = new TemporaryFolder();
        string data = PictureFolder.Write(folder);
        string bad = folder.Write("pictures/train/red/07.png", "no picture");
        DistillCommand.RunIn(folder.Path, ["train", "--data", data, .. s_fast]).Refused(1, bad, "cannot be decoded");
    }

    [Fact]
    public void It_is_skipped_named_and_counted_when_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        string data = PictureFolder.Write(folder);
        string bad = folder.Write("pictures/train/red/07.png", "no picture"), badTest = folder.Write("pictures/val/blue/03.png", "no picture");
        string recipe = TinyRecipe.Write(folder, epochs: 2, $"{{set: {{image-folder: {{size: 8}}}}, root: \"{data}\", skip-bad: true}}");
        var result = DistillCommand.RunIn(folder.Path, ["run", recipe, "--out", "run"]).Done();
        Assert.Contains("2 undecodable samples were skipped", result.Output, StringComparison.Ordinal);
        string page = File.ReadAllText(folder["run", "report.html"]);
        Assert.Contains(bad, page, StringComparison.Ordinal);
        Assert.Contains(badTest, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Scoring_names_it_and_counts_only_the_others()
    {
        using var folder = new TemporaryFolder();
        string data = PictureFolder.Write(folder), bad = folder.Write("pictures/val/red/07.png", "no picture");
        string[] score = ["val", "--model", TinyModel.Save(folder, classes: 2, side: 8, channels: 3), "--data", data];
        DistillCommand.Run(score).Refused(1, bad, "cannot be decoded");
        string output = DistillCommand.Run([.. score, "--skip-bad"]).Done().Output;
        Assert.Contains("39 test samples", output, StringComparison.Ordinal);
        Assert.Contains($"skipped    The picture '{bad}'", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Predicting_names_it()
    {
        using var folder = new TemporaryFolder();
        string bad = folder.Write("bad.png", "no picture");
        DistillCommand.Run("predict", "--model", TinyModel.Save(folder), bad).Refused(1, bad, "it is no JPEG, PNG, BMP, WebP or GIF");
    }
}
