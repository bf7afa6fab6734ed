using System.Text.Json;
using System.Text.RegularExpressions;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Cli.Tests.Commands;

public sealed class DetectorValidationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_table_holds_all_classes_and_each_that_occurs()
    {
        string output = Run("val", "--model", ColourData.Model(_folder), "--data", ColourData.Set(_folder, border: 16), "--imgsz", "96").Done().Output;

        // Red is found; of two greens one is found and one is called blue: precision 1 up to recall 0.5, then a line down: 0.75.
        string[][] rows = [.. output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Equal(["Class", "Images", "Instances", "P", "R", "mAP50", "mAP50-95"], rows[0]);
        Assert.Equal(["all", "2", "3", "1.000", "0.750", "0.873", "0.873"], rows[1]);
        Assert.Equal(["red", "1", "1", "1.000", "1.000", "0.995", "0.995"], rows[2]);
        Assert.Equal(["green", "2", "2", "1.000", "0.500", "0.750", "0.750"], rows[3]);
        Assert.Contains("mAP is Ultralytics' variant", output, StringComparison.Ordinal);
        Assert.DoesNotContain("COCO mAP", output, StringComparison.Ordinal);
        Assert.Matches(@"^Speed: \d+\.\d ms preprocess, \d+\.\d ms inference, \d+\.\d ms postprocess per image$", output.Split('\n')[4]);
    }

    [Fact]
    public void Score_and_plots_are_written()
    {
        Run("val", "--model", ColourData.Model(_folder), "--data", ColourData.Set(_folder, border: 16), "--imgsz", "96", "--json", "score.json", "--plots", "plots").Done();

        using var json = JsonDocument.Parse(File.ReadAllText(_folder["score.json"]));
        Assert.Equal((2, 3), (json.RootElement.GetProperty("images").GetInt32(), json.RootElement.GetProperty("instances").GetInt32()));
        Assert.Equal((0.995 + 0.75) / 2, json.RootElement.GetProperty("mAP50-95").GetDouble(), 1e-6);
        Assert.StartsWith("mAP is Ultralytics' variant", json.RootElement.GetProperty("mAP_method").GetString(), StringComparison.Ordinal);
        Assert.Equal(["red", "green"], json.RootElement.GetProperty("classes").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(
            ["F1_curve.png", "PR_curve.png", "P_curve.png", "R_curve.png", "confusion_matrix.png", "confusion_matrix_normalized.png", "val_batch0_labels.png", "val_batch0_pred.png"],
            Directory.GetFiles(_folder["plots"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_for_one_size_and_one_picture_is_scored_at_its_size()
    {
        string model = _folder.Write("fixed.onnx", OnnxFile.Serialize(ColourDetector.Create(1, (64, 64), "rows", ColourDetector.Metadata))), set = ColourData.Set(_folder, border: 0);
        Assert.Matches(@"all +2 +3 +1\.000 +0\.750", Run("val", "--model", model, "--data", set).Done().Output);
        Run("val", "--model", model, "--data", set, "--imgsz", "96").Refused(2, "--imgsz 96 was asked for, but the model's file fixes 64 x 64");
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_the_reason()
    {
        string model = ColourData.Model(_folder), set = ColourData.Set(_folder, border: 0, "[red, green]");
        Run("val", "--model", model, "--data", set).Refused(1, "The model tells 3 classes apart, but the data has 2.");
        Run("val", "--model", model, "--data", set, "--imgsz", "50").Refused(2, "must be a multiple of 32");
        Run("val", "--model", model, "--data", set, "--teacher", "x.onnx").Refused(2, "--teacher is for classifiers, and this model is a detector.");
        Run("val", "--model", model, "--data", set, "--json", "absent/score.json").Refused(2, "'absent/score.json' cannot be written", "Nothing was scored.");
        Run("val", "--model", TinyModel.Save(_folder), "--data", "glyphs", "--conf", "0.5").Refused(2, "--conf is for detectors, and this model is none");
    }

    public void Dispose() => _folder.Dispose();

    private CommandResult Run(params string[] arguments) => DistillCommand.RunIn(_folder.Path, arguments);
}
