using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class InfoCommandTests
{
    [Fact]
    public void A_models_shapes_weights_work_and_card_are_told()
    {
        using var folder = new TemporaryFolder();
        string output = DistillCommand.Run("info", TinyModel.Save(folder)).Done().Output;

        // 784 x 8 + 8 + 8 x 10 + 10 weights; 784 x 8 + 8 x 10 multiply-accumulates.
        Assert.Contains("6,370 trainable in 4 tensors, 0 frozen", output, StringComparison.Ordinal);
        Assert.Matches(@"MACs\s+6,352", output);
        Assert.Contains("[batch, 1, 28, 28]", output, StringComparison.Ordinal);
        Assert.Contains("[batch, 10]", output, StringComparison.Ordinal);
        Assert.Matches(@"trains here\s+yes", output);
        Assert.Contains("classification: kind-0, kind-1", output, StringComparison.Ordinal);
        Assert.Contains("1x28x28, mean 0.5, std 0.5", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_weight_is_listed_on_request()
    {
        using var folder = new TemporaryFolder();
        string output = DistillCommand.Run("info", TinyModel.Save(folder), "--weights").Done().Output;
        Assert.Equal(4, output.Split('\n').Count(line => line.StartsWith("trainable ", StringComparison.Ordinal)));
        Assert.Contains("fc1.weight", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_card_is_said()
    {
        using var folder = new TemporaryFolder();
        Assert.Matches(@"card\s+none", DistillCommand.Run("info", TinyModel.Save(folder, card: false)).Done().Output);
    }

    [Fact]
    public void A_truncated_file_is_named()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.SaveTruncated(folder);
        DistillCommand.Run("info", model).Refused(1, $"'{model}' cannot be read as an ONNX model", "truncated");
    }
}
