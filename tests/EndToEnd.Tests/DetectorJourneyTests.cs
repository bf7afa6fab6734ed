using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;

namespace EndToEnd.Tests;

/// <summary>What the five lines of Python do, on the command line: a checkpoint is trained on coco8, scored, asked and exported.</summary>
public sealed class DetectorJourneyTests
{
    [Fact]
    [Trait("Category", "Golden")]
    public void A_checkpoint_is_trained_scored_asked_and_exported()
    {
        string checkpoint = GoldenCheckpoint.Smallest, data = SharedFolder.Data("coco8", "coco8.yaml"), picture = SharedFolder.Data("images", "bus.jpg");
        using var folder = new TemporaryFolder();

        var trained = DistillCommand.Run("train", "--model", checkpoint, "--data", data, "--epochs", "2", "--imgsz", "160", "--batch", "2", "--out", folder["run"]).Done();
        Assert.Contains("licence", trained.Output, StringComparison.Ordinal);
        Assert.Contains("mAP50-95", trained.Output, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadLines(folder["run", "results.csv"]).Count());

        string best = folder["run", "weights", "best.onnx"], exported = folder["e.onnx"];
        DistillCommand.Run("export", best, "--out", exported, "--imgsz", "160").Done();
        Assert.Matches(@"all\s+4\s+17\s", Score(best));
        Assert.Matches(@"all\s+4\s+17\s", Score(exported));

        DistillCommand.Run("predict", "--model", exported, picture, "--conf", "0.001", "--out", folder["found"]).Done();
        Assert.NotEmpty(Directory.GetFiles(folder["found"]));

        string Score(string model)
        {
            string output = DistillCommand.Run("val", "--model", model, "--data", data, "--imgsz", "160").Done().Output;
            return output.Split('\n').First(line => line.TrimStart().StartsWith("all", StringComparison.Ordinal));
        }
    }
}
