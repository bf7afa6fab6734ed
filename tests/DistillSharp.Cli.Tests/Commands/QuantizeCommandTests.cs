using System.Text.RegularExpressions;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public sealed class QuantizeCommandTests
{
    [Fact]
    public void The_table_says_before_and_after_and_the_file_is_there()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.Save(folder, side: 12), target = folder["small.onnx"];
        string output = Quantize(folder, model, "--out", target, "--samples", "40").Done().Output;

        Assert.Contains("minmax, 40 samples", output, StringComparison.Ordinal);
        Assert.Matches(new Regex(@"^layers in INT8\s+0\s+2 of 2$", RegexOptions.Multiline), output);
        Assert.Matches(new Regex(@"^top-1 %\s+[\d.]+\s+[\d.]+\s+[+-]?[\d.]+ points, 95 % interval [+-]?[\d.]+ to [+-]?[\d.]+$", RegexOptions.Multiline), output);
        Assert.Matches(new Regex(@"^p50 ms\s+[\d.]+\s+[\d.]+\s+[\d.]+ times as fast$", RegexOptions.Multiline), output);
        var graph = OnnxFile.Load(target);
        Assert.Contains(graph.Initializers, initializer => initializer.Data.Type == DistillSharp.Graph.ElementType.Int8);
        Assert.Contains("40 samples", graph.Metadata["distillsharp.provenance.quantization"], StringComparison.Ordinal);

        // The written model scores what the table says.
        string score = DistillCommand.Run("val", "--model", target, "--data", "mnist", "--data-root", folder.Path).Done().Output;
        string after = Regex.Match(output, @"^top-1 %\s+[\d.]+\s+([\d.]+)", RegexOptions.Multiline).Groups[1].Value;
        Assert.Matches(new Regex($@"top-1 %\s+{Regex.Escape(after)}\b"), score);
    }

    [Theory]
    [InlineData("moving-average")]
    [InlineData("percentile")]
    [InlineData("entropy")]
    [InlineData("mse")]
    public void Every_calibration_can_be_chosen(string calibration)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains($"{calibration}, 50 samples", Quantize(folder, TinyModel.Save(folder, side: 12), "--calibration", calibration, "--equalize", "--correct-bias").Done().Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["tiny-int8.onnx"]));
    }

    [Fact]
    public void Layers_are_ranked_and_the_worst_left_in_float_on_held_out_training_pictures()
    {
        using var folder = new TemporaryFolder();
        string output = Quantize(folder, TinyModel.Save(folder, side: 12), "--max-drop", "100").Done().Output;

        Assert.Equal(2, Regex.Count(output, @"^fc[12]\s+Gemm\s+\d\.\d{3}e[+-]\d\d$", RegexOptions.Multiline));
        Assert.Contains("held-out training pictures", output, StringComparison.Ordinal);
        Assert.Contains("every layer quantised", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_data_products_are_quantised_dynamically()
    {
        using var folder = new TemporaryFolder();
        string target = folder["dynamic.onnx"];
        string output = DistillCommand.Run("quantize", TinyModel.Save(folder, side: 12), "--dynamic", "--out", target).Done().Output;

        Assert.Contains("2 products quantised", output, StringComparison.Ordinal);
        Assert.Contains(OnnxFile.Load(target).Nodes, node => node.Operation == "MatMulInteger");
    }

    [Fact]
    public void The_training_form_holds_float_weights()
    {
        using var folder = new TemporaryFolder();
        Quantize(folder, TinyModel.Save(folder, side: 12), "--form", "training").Done();

        Assert.Equal(DistillSharp.Graph.ElementType.Float32, OnnxFile.Load(folder["tiny-int8.onnx"]).FindInitializer("fc1.weight")!.Data.Type);
    }

    [Fact]
    public void Mistakes_are_said_with_what_was_meant()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.Save(folder, side: 12);

        DistillCommand.Run("quantize", model).Refused(2, "--data");
        Quantize(folder, model, "--calibration", "entrpy").Refused(2, "'entrpy'", "Did you mean 'entropy'?");
        Quantize(folder, model, "--target", "vni").Refused(2, "Did you mean 'vnni'?");
        Quantize(folder, model, "--samples", "0").Refused(2, "--samples");
        Quantize(folder, model, "--percentile", "20").Refused(2, "above 50");
        Quantize(folder, model, "--keep-float", "fc3").Refused(1, "'fc3'", "Did you mean 'fc1'?");
        Quantize(folder, "absent.onnx").Refused(1, "'absent.onnx' does not exist");
        string once = folder["tiny-int8.onnx"];
        Quantize(folder, model).Done();
        Quantize(folder, once).Refused(1, "quantised already");
    }

    private static CommandResult Quantize(TemporaryFolder folder, string model, params string[] more) =>
        DistillCommand.Run(["quantize", model, "--data", "mnist", "--data-root", new TinyIdx().Write(folder), "--threads", "1", .. more]);
}
