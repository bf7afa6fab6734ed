using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

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
        Assert.Matches(@"trains here\s+yes, proved: all 4 trainable tensors have a finite gradient after a forward and a backward on 'input' \[2, 1, 28, 28\]", output);
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
    public void What_stays_frozen_is_listed_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        var graph = new Sketch().Input("x", Dimension.Named("n"), 3, 4, 4).Floats("mean", [1, 3, 1, 1], 0.4f, 0.5f, 0.6f).Floats("half", [], 0.5f).Weight("w", 48, 5).Weight("b", 5)
            .Node("Sub", "x,mean", "centered").Node("Flatten", "centered", "f").Node("MatMul", "f,w", "l").Node("Add", "l,b", "s").Node("Mul", "s,half", "y").Output("y", Dimension.Named("n"), 5).Graph;
        folder.Write("s.onnx", ForeignFile.Write(graph));

        string output = DistillCommand.Run("info", folder["s.onnx"]).Done().Output;

        Assert.Contains("245 trainable in 2 tensors, 4 frozen", output, StringComparison.Ordinal);
        Assert.Contains("'mean' [1, 3, 1, 1]: meets only the input, in Sub 'make_centered': preprocessing", output, StringComparison.Ordinal);
        Assert.Contains("sizes, indices and single numbers: 1", output, StringComparison.Ordinal);
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

    [Fact]
    public void What_stands_in_the_way_of_training_is_named()
    {
        using var folder = new TemporaryFolder();
        OnnxFile.Save(new Sketch().Input("x", Dimension.Named("n"), 4).Weight("w", 4, 3).Node("MatMul", "x,w", "z").Node("Glorious", "z", "y").Output("y").Graph, folder["m.onnx"]);
        Assert.Matches(@"trains here\s+no: .*Glorious 'make_y'", DistillCommand.Run("info", folder["m.onnx"]).Done().Output);
        Assert.Matches(@"trains here\s+no: Glorious not covered", DistillCommand.Run("info", folder["m.onnx"], "--no-proof").Done().Output);
    }

    [Fact]
    public void A_free_size_is_asked_for_and_taken_from_the_command_line()
    {
        using var folder = new TemporaryFolder();
        OnnxFile.Save(new Sketch().Input("x", Dimension.Named("n"), 3, Dimension.Named("h"), Dimension.Named("w")).Weight("k", 2, 3, 1, 1).Node("Conv", "x,k", "y").Output("y").Graph, folder["m.onnx"]);
        Assert.Matches(@"trains here\s+not proved: .*--shape x=2x3x224x224", DistillCommand.Run("info", folder["m.onnx"]).Done().Output);
        Assert.Matches(@"trains here\s+yes, proved: .*\[2, 3, 8, 8\]", DistillCommand.Run("info", folder["m.onnx"], "--imgsz", "8").Done().Output);
        Assert.Matches(@"trains here\s+yes, proved: .*\[2, 3, 4, 6\]", DistillCommand.Run("info", folder["m.onnx"], "--shape", "x=2x3x4x6").Done().Output);
        DistillCommand.Run("info", folder["m.onnx"], "--shape", "x=big").Refused(2, "--shape takes a name and sizes");
    }

    [Fact]
    public void A_detector_of_any_size_tells_its_outputs_proves_to_train_and_counts_for_the_size_that_is_said()
    {
        using var folder = new TemporaryFolder();
        var graph = Yolo11.Create(new() { Classes = 1, WidthMultiple = 0.125 });
        WeightInitializer.Draw(graph, seed: 1);
        OnnxFile.Save(graph, folder["d.onnx"]);

        string output = DistillCommand.Run("info", folder["d.onnx"], "--imgsz", "64").Done().Output;

        Assert.Contains("output0: Float32 [batch, 5, anchors]", output, StringComparison.Ordinal);
        Assert.Contains("feat2: Float32 [batch, 65, height/32, width/32]", output, StringComparison.Ordinal);
        Assert.Matches(@"MACs\s+[0-9,]+ for 'images' \[1, 3, 64, 64\]", output);
        Assert.Matches(@"trains here\s+yes, proved: all 255 trainable tensors have a finite gradient after a forward and a backward on 'images' \[2, 3, 64, 64\]", output);
        Assert.Matches(@"MACs\s+unknown: a size is free", DistillCommand.Run("info", folder["d.onnx"], "--no-proof").Done().Output);
    }

    [Fact]
    public void What_could_be_done_and_what_was_done_on_import_is_told()
    {
        using var folder = new TemporaryFolder();
        var sketch = new Sketch().Input("x", 1, 2, 4, 4).Node("Constant", "", "w", ("value", new TensorValue(TensorData.Create<float>([1, 2, 3, 4, 5, 6], 3, 2, 1, 1)))).Floats("s", [3], 1, 1, 1).Floats("m", [3], 0, 0, 0)
            .Node("Conv", "x,w", "c").Node("BatchNormalization", "c,s,m,m,s", "b").Node("GlobalAveragePool", "b", "g").Node("Flatten", "g", "z").Node("Softmax", "z", "y").Output("y", 1, 3);
        OnnxFile.Save(sketch.Graph, folder["m.onnx"]);

        string output = DistillCommand.Run("info", folder["m.onnx"]).Done().Output;

        Assert.Matches(@"on import\s+ConstantFolding: 1 Constant folded", output);
        Assert.Matches(@"could do\s+--pass fold-batch-norm: 1 BatchNormalization folded", output);
        Assert.Matches(@"could do\s+--pass cut-softmax: 1 Softmax cut off", output);
        Assert.Matches(@"could do\s+--pass dynamic-batch: 1", output);
    }
}
