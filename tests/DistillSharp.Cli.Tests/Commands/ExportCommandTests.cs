using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;

namespace DistillSharp.Cli.Tests.Commands;

[Trait("Category", "Golden")]
public sealed class ExportCommandTests
{
    private static string Checkpoint => GoldenCheckpoint.Smallest;

    [Fact]
    public void A_checkpoint_becomes_a_file_that_the_other_commands_take()
    {
        using var folder = new TemporaryFolder();
        string file = folder["detector.onnx"], boxes = folder["boxes.onnx"], small = folder["small.onnx"];

        var first = DistillCommand.Run("export", Checkpoint, "--out", file, "--imgsz", "64x96", "--batch", "2").Done();
        Assert.Contains($"answers  output0: Float32 [2, {4 + Weights.Checkpoint.Load(Checkpoint).Metadata.Classes}, 126]", first.Output, StringComparison.Ordinal);
        Assert.Contains("licence  AGPL-3.0", first.Output, StringComparison.Ordinal);
        Assert.Contains("compared with the model", first.Output, StringComparison.Ordinal);
        Assert.Empty(first.Errors);
        Assert.Empty(GraphChecker.CheckFile(file));

        DistillCommand.Run("export", file, "--out", boxes, "--nms", "--max-det", "20").Done();
        Assert.Equal("output0: Float32 [2, 20, 6]", OnnxFile.Load(boxes).Outputs[0].ToString());
        DistillCommand.Run("info", boxes).Done();

        // Written again, it is the same file: no clock and no chance goes into it.
        byte[] bytes = File.ReadAllBytes(file);
        DistillCommand.Run("export", Checkpoint, "--out", file, "--imgsz", "64x96", "--batch", "2").Done();
        Assert.Equal(bytes, File.ReadAllBytes(file));

        DistillCommand.Run("convert", file, "--out", small, "--float16").Done();
        DistillCommand.Run("bench", file, small, "--rounds", "1", "--runs", "1", "--warmup", "1", "--starts", "0").Done();
    }

    [Fact]
    public void Int8_is_calibrated_on_the_pictures_of_a_data_yaml_by_export_and_by_quantize()
    {
        using var folder = new TemporaryFolder();
        string data = SharedFolder.Data("coco8", "coco8.yaml"), file = folder["detector.onnx"], exported = folder["exported.onnx"], quantized = folder["quantized.onnx"];
        DistillCommand.Run("export", Checkpoint, "--out", file, "--imgsz", "64").Done();

        DistillCommand.Run("export", Checkpoint, "--out", exported, "--imgsz", "64", "--int8", "--data", data, "--samples", "2").Done();
        var said = DistillCommand.Run("quantize", file, "--out", quantized, "--data", data, "--samples", "2", "--no-download").Done();

        Assert.Contains("stays in float", said.Output, StringComparison.Ordinal);
        Assert.All(new[] { exported, quantized }, path =>
        {
            Assert.True(new FileInfo(path).Length < 0.5 * new FileInfo(file).Length);
            Assert.Empty(GraphChecker.CheckFile(path));
        });
        DistillCommand.Run("quantize", file, "--data", data, "--sensitivity").Refused(CommandLine.WrongUsage, "--sensitivity is for classifiers");
    }

    [Fact]
    public void What_cannot_be_is_refused_before_any_work()
    {
        using var folder = new TemporaryFolder();
        string file = folder["out.onnx"], tiny = TinyModel.Save(folder);

        DistillCommand.Run("export", Checkpoint, "--out", file, "--imgsz", "100").Refused(CommandLine.WrongUsage, "multiples of the detector's stride 32", "Use 96 or 128");
        DistillCommand.Run("export", Checkpoint, "--out", file, "--imgsz", "big").Refused(CommandLine.WrongUsage, "--imgsz takes a size such as 640 or 480x640, but 'big' was given");
        DistillCommand.Run("export", Checkpoint, "--out", folder["no/such/folder.onnx"]).Refused(CommandLine.WrongUsage, "its folder does not exist", "Nothing was exported");
        DistillCommand.Run("export", tiny, "--out", file).Refused(CommandLine.Failed, "is no detector");
        DistillCommand.Run("export", tiny, "--out", tiny).Refused(CommandLine.WrongUsage, "it is the model itself");
        DistillCommand.Run("export", folder["absent.pt"], "--out", file).Refused(CommandLine.Failed, "absent.pt' does not exist");
        DistillCommand.Run("export", Checkpoint, "--out", file, "--conf", "0.5").Refused(CommandLine.WrongUsage, "--conf says something of --nms");
        DistillCommand.Run("export", Checkpoint, "--out", file, "--nms", "--conf", "2").Refused(CommandLine.WrongUsage, "from 0 to 1");
        DistillCommand.Run("export", Checkpoint, "--out", file, "--int8").Refused(CommandLine.WrongUsage, "--data coco8.yaml");
        DistillCommand.Run("export", Checkpoint, "--out", file, "--dynamic", "--batch", "2").Refused(CommandLine.WrongUsage, "any batch");
        DistillCommand.Run("export", Checkpoint, "--out", file, "--opset", "99").Refused(CommandLine.WrongUsage, "from 13 to 21");
        Assert.False(File.Exists(file));
    }
}
