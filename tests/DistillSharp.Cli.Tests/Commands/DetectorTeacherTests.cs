using System.Text.Json;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Cli.Tests.Commands;

/// <summary>A detector that is taught, on the command line: by a file of another family that is named with its classes, and by a model that is trained first.</summary>
public sealed class DetectorTeacherTests : IDisposable
{
    private static readonly string[] s_quick = ["--epochs", "1", "--imgsz", "64", "--batch", "2", "--threads", "1"];
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_file_from_elsewhere_teaches_by_its_name_and_its_classes_names()
    {
        // Without a card, for one picture of 64 x 64, row by row, its classes in an order of their own.
        string teacher = _folder.Write("elsewhere.onnx", OnnxFile.Serialize(ColourDetector.Create(1, (64, 64), "rows"))), set = ColourData.Set(_folder, border: 0, "[green, red, blue]");
        File.WriteAllText(_folder["labels/val/a.txt"], File.ReadAllText(_folder["labels/val/a.txt"]).Replace("\n1 ", "\nX ", StringComparison.Ordinal).Replace("0 0.25", "1 0.25", StringComparison.Ordinal).Replace("X ", "0 ", StringComparison.Ordinal));
        File.WriteAllText(_folder["labels/val/b.txt"], "0" + File.ReadAllText(_folder["labels/val/b.txt"])[1..]);

        var run = Run(["train", "--model", "yolo11n", "--data", set, "--teacher", teacher, "--teacher-names", "Red,Green,Blue", .. s_quick, "--set", "evaluation.profile=false", "--out", _folder["run"]]).Done();

        // Of three boxes the colours tell two; the third is labelled wrongly.
        Assert.Matches("the teacher \\(elsewhere.onnx\\) scores mAP50-95 0\\.8", run.Errors + run.Output);
        Assert.Contains("it teaches by its boxes", run.Errors + run.Output, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(File.ReadAllText(_folder["run", "report.json"]));
        Assert.Equal(["teacher", "control", "distilled"], report.RootElement.GetProperty("variants").EnumerateArray().Select(variant => variant.GetProperty("name").GetString()));
        Assert.Equal("+ 1 boxes", Assert.Single(report.RootElement.GetProperty("control_difference").EnumerateArray()).GetString());

        File.Delete(_folder["run", "report.html"]);
        Assert.Contains("mAP50-95", Run("report", _folder["run"]).Done().Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["run", "report.html"]));
    }

    [Fact]
    public void What_cannot_teach_is_refused_before_anything_is_written()
    {
        string set = ColourData.Set(_folder, border: 0), teacher = _folder.Write("elsewhere.onnx", OnnxFile.Serialize(ColourDetector.Create())), folder = _folder["run"];
        string[] start = ["train", "--model", "yolo11n", "--data", set, .. s_quick, "--out", folder];
        Directory.CreateDirectory(_folder["none"]);

        Run([.. start, "--teacher", teacher]).Refused(1, "does not say which classes it tells apart", "--teacher-names");
        Run([.. start, "--teacher", teacher, "--teacher-names", "red,lime,navy"]).Refused(1, "green", "blue");
        Run([.. start, "--teacher", teacher, "--teacher-names", "red,green,blue", "--loss", "cwd"]).Refused(1, "'cwd'", "cell by cell", "'boxes'");
        Run([.. start, "--teacher", teacher, "--teacher-names", "red,green,blue", "--unlabelled", _folder["none"]]).Refused(1, _folder["none"]);
        Run([.. start, "--teacher", TinyModel.Save(_folder), "--teacher-names", "red,green,blue"]).Refused(1, "boxes");
        Run([.. start, "--unlabelled", _folder["none"]]).Refused(2, "--unlabelled is for a detector with a teacher");
        Run("train", "--model", "lenet5", "--data", "glyphs", "--loss", "cwd").Refused(2, "--loss is for a detector with a teacher");

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_recipe_of_three_fields_runs_and_is_written_whole()
    {
        ColourData.Set(_folder, border: 0);
        File.WriteAllText(_folder["three.yaml"], "model: yolo11n\ndata: colours.yaml\nteacher: yolo11s\n");

        string whole = Run("run", _folder["three.yaml"], "--print").Done().Output;
        Assert.Contains("teacher:\n  - model:", whole.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("floor: 0.01", whole, StringComparison.Ordinal);

        var run = Run(
            "run", _folder["three.yaml"], "--set", "teacher.allow-weak=true", "--set", "training.epochs=1", "--set", "training.image-size=64", "--set", "training.batch=2", "--set", "threads=1",
            "--set", "evaluation.profile=false", "--set", "control=false", "--out", _folder["run"]);
        run.Done();
        Assert.Contains("There was no control", File.ReadAllText(_folder["run", "report.html"]), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private CommandResult Run(params string[] arguments) => DistillCommand.RunIn(_folder.Path, arguments);
}
