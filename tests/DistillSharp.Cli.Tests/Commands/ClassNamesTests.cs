using DistillSharp.Graph.Format;
using DistillSharp.Tasks;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Cli.Tests.Commands;

/// <summary>Classes of models and data are matched by name, by every command that needs both.</summary>
public sealed class ClassNamesTests : IDisposable
{
    private static readonly string[] s_other = ["red", "blue"], s_same = ["blue", "red"], s_three = ["blue", "red", "green"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_classifier_that_lists_the_classes_in_another_order_is_scored_by_name()
    {
        string model = ColourClassifier.Save(_folder, s_other, ["Red", "BLUE"]), other = ColourClassifier.Save(_folder, s_same, s_same, "same.onnx");

        string output = Val(model, "--teacher", other).Done().Output;

        Assert.Matches(@"top-1 %\s+100\.00", output);
        Assert.Matches(@"agrees %\s+100\.00", output);
        Assert.Contains("lists the data's classes in another order (its class 1 is the data's 0, 'blue', its class 0 is the data's 1, 'red')", output, StringComparison.Ordinal);
        Assert.DoesNotContain("another order", Val(other).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_of_more_or_other_classes_is_refused_and_one_of_foreign_names_warned_of()
    {
        Val(ColourClassifier.Save(_folder, s_three, s_three)).Refused(1, "The model tells 3 classes apart, but the data has 2.", "names 'blue', 'red', 'green'");
        Val(ColourClassifier.Save(_folder, s_three, null)).Refused(1, "The model tells 3 classes apart, but the data has 2.");

        // A card with too few names.
        Val(ColourClassifier.Save(_folder, s_three, s_same)).Refused(1, "The model tells 3 classes apart (its card names 2), but the data has 2.");
        Val(ColourClassifier.Save(_folder, s_same, ["blue", "green"])).Refused(1, "names other classes than the data: it has no 'red', but 'green'.");

        var foreign = Val(ColourClassifier.Save(_folder, s_same, ["n01", "n02"])).Done();
        Assert.Matches(@"top-1 %\s+100\.00", foreign.Output);
        Assert.Contains("warning: ", foreign.Errors, StringComparison.Ordinal);
        Assert.Contains("class 0 is 'n01' and not 'blue'", foreign.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantizing_scores_by_name_and_refuses_other_classes_before_it_calibrates()
    {
        string output = Quantize(ColourClassifier.Save(_folder, s_other, s_other)).Done().Output;

        Assert.Matches(@"top-1 %\s+100\.00\s+100\.00", output);
        Assert.Contains("in another order", output, StringComparison.Ordinal);
        Assert.Equal(["red", "blue"], ModelCard.FromMetadata(new Dictionary<string, string>(OnnxFile.Load(_folder["int8.onnx"]).Metadata))!.ClassNames);

        File.Delete(_folder["int8.onnx"]);
        Quantize(ColourClassifier.Save(_folder, s_three, s_three)).Refused(1, "The model tells 3 classes apart, but the data has 2.");
        Quantize(ColourClassifier.Save(_folder, s_three, null)).Refused(1, "The model tells 3 classes apart, but the data has 2.");
        Quantize(ColourClassifier.Save(_folder, s_three, s_same)).Refused(1, "The model tells 3 classes apart, but the data has 2.");
        Quantize(ColourClassifier.Save(_folder, s_same, ["blue", "green"])).Refused(1, "it has no 'red', but 'green'");
        Assert.False(File.Exists(_folder["int8.onnx"]));
    }

    [Fact]
    public void A_teacher_that_lists_the_classes_in_another_order_teaches_and_is_reported_by_name()
    {
        string teacher = ColourClassifier.Save(_folder, s_other, s_other);

        string output = DistillCommand.RunIn(
            _folder.Path, ["train", "--model", "mlp", "--data", PictureFolder.Write(_folder, perClass: 80), "--imgsz", "8", "--teacher", teacher, "--epochs", "2", "--batch", "8", "--lr", "0.001", "--threads", "1", "--workers", "0", "--out", "run"]).Done().Output;

        Assert.Contains("in another order", output, StringComparison.Ordinal);
        Assert.Matches(@"top-1 %?[^\n]*\s100\.00", output);
    }

    [Fact]
    public void A_student_file_that_lists_the_classes_in_another_order_starts_where_it_was()
    {
        string student = ColourClassifier.Save(_folder, s_other, s_other);

        string output = DistillCommand.RunIn(
            _folder.Path, ["train", "--model", student, "--data", PictureFolder.Write(_folder), "--imgsz", "8", "--epochs", "1", "--batch", "8", "--lr", "1e-6", "--threads", "1", "--workers", "0", "--out", "run"]).Done().Output;

        Assert.Contains("in another order", output, StringComparison.Ordinal);
        Assert.Matches(@"\s100\.00", output);
    }

    [Fact]
    public void A_detector_that_lists_the_classes_in_another_order_is_scored_by_name()
    {
        string model = ColourData.Model(_folder);

        var result = DistillCommand.RunIn(_folder.Path, ["val", "--model", model, "--data", ColourData.Set(_folder, border: 16, "[blue, green, red]"), "--imgsz", "96"]).Done();

        // The labels' numbers now mean blue, green and green; found are red, green and blue: the green one alone is right, one of two.
        string[][] rows = [.. result.Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Contains(rows, row => row is ["green", "2", "2", "1.000", "0.500", "0.750", "0.750"]);
        Assert.Contains(rows, row => row is ["blue", "1", "1", ..] && row[5] == "0.000");
        Assert.Contains("its class 2 is the data's 0, 'blue'", result.Output, StringComparison.Ordinal);
        DistillCommand.RunIn(_folder.Path, ["val", "--model", model, "--data", ColourData.Set(_folder, border: 16, "[red, green, yellow]"), "--imgsz", "96"]).Refused(1, "it has no 'yellow', but 'blue'");
    }

    private CommandResult Val(string model, params string[] more) => DistillCommand.RunIn(_folder.Path, ["val", "--model", model, "--data", PictureFolder.Write(_folder), "--imgsz", "8", "--workers", "0", .. more]);

    private CommandResult Quantize(string model) => DistillCommand.RunIn(_folder.Path, ["quantize", model, "--data", PictureFolder.Write(_folder), "--imgsz", "8", "--samples", "16", "--out", _folder["int8.onnx"]]);
}
