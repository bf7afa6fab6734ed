using System.Globalization;
using System.Text.RegularExpressions;
using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class ValCommandTests
{
    [Fact]
    public void The_score_adds_up()
    {
        using var folder = new TemporaryFolder();
        string output = Score(folder, TinyModel.Save(folder, side: 12)).Done().Output;
        int errors = Number(output, "errors");
        Assert.Contains("20 test samples", output, StringComparison.Ordinal);
        Assert.Matches(new Regex($@"top-1 %\s+{(100 - (5.0 * errors)).ToString("0.00", CultureInfo.InvariantCulture)}\n"), output);

        // Ten classes of two samples each; the shares right by class give the errors back.
        var classes = Regex.Matches(output, @"^\d\s+2\s+(0|50|100)\.00\b", RegexOptions.Multiline);
        Assert.Equal(10, classes.Count);
        Assert.Equal(errors, classes.Sum(row => (100 - int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture)) / 50));
    }

    [Fact]
    public void A_model_agrees_with_itself()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.Save(folder, side: 12);
        Assert.Matches(@"agrees %\s+100\.00", Score(folder, model, "--teacher", model).Done().Output);
    }

    [Fact]
    public void A_recipes_own_data_can_be_scored()
    {
        using var folder = new TemporaryFolder();
        string recipe = folder.Write("r.yaml", "data: {set: {glyphs: {train: 10, test: 30}}}\nstudent: mlp\n");
        Assert.Contains("30 test samples", DistillCommand.Run("val", "--model", TinyModel.Save(folder), "--data", recipe).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_classes_than_the_data_has_are_refused_with_the_number()
    {
        using var folder = new TemporaryFolder();
        Score(folder, TinyModel.Save(folder, classes: 4, side: 12)).Refused(1, "The model tells 4 classes apart, but the data has 10.");
    }

    [Fact]
    public void A_damaged_model_is_named()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.SaveTruncated(folder);
        Score(folder, model).Refused(1, model, "cannot be run by ONNX Runtime");
    }

    [Fact]
    public void An_absent_teacher_is_named()
    {
        using var folder = new TemporaryFolder();
        Score(folder, TinyModel.Save(folder, side: 12), "--teacher", "absent.onnx").Refused(1, "'absent.onnx' does not exist");
    }

    [Theory]
    [InlineData("--batch", "0", "The batch size must be 1 or more.")]
    [InlineData("--workers", "-1", "The number of workers must be 0 or more.")]
    [InlineData("--threads", "-1", "The number of threads must be 0 (one a core) or more.")]
    public void A_value_out_of_range_is_refused(string option, string value, string message)
    {
        using var folder = new TemporaryFolder();
        Score(folder, TinyModel.Save(folder, side: 12), option, value).Refused(2, message);
    }

    private static CommandResult Score(TemporaryFolder folder, string model, params string[] more) =>
        DistillCommand.Run(["val", "--model", model, "--data", "mnist", "--data-root", new TinyIdx().Write(folder), .. more]);

    private static int Number(string output, string name) => int.Parse(Regex.Match(output, $@"^{name}\s+(\d+)", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
}
