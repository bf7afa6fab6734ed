using System.Globalization;
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

        Assert.Contains("min-max, 40 samples", output, StringComparison.Ordinal);
        Assert.Matches(new Regex(@"^layers in INT8\s+0\s+2 of 2$", RegexOptions.Multiline), output);
        Assert.Matches(new Regex(@"^top-1 %\s+[\d.]+\s+[\d.]+\s+[+-]?[\d.]+ points, 95 % interval [+-]?[\d.]+ to [+-]?[\d.]+$", RegexOptions.Multiline), output);
        Assert.Matches(new Regex(@"^p50 ms\s+[\d.]+\s+[\d.]+\s+[\d.]+ \([\d.]+ to [\d.]+\) times as fast, 95 % interval$", RegexOptions.Multiline), output);
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
        Assert.Matches(new Regex(@"^p50 ms\s+[\d.]+\s+[\d.]+\s+[\d.]+ \([\d.]+ to [\d.]+\) times as fast, 95 % interval$", RegexOptions.Multiline), output);
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
        Quantize(folder, model, "--calibration", "percentile", "--percentile", "20").Refused(2, "above 50");
        Quantize(folder, model, "--percentile", "99.9").Refused(2, "--calibration percentile only", "min-max");
        Quantize(folder, model, "--max-drop", "-1").Refused(2, "--max-drop", "-1");
        Quantize(folder, model, "--dynamic").Refused(2, "--data", "--dynamic does without");
        DistillCommand.Run("quantize", model, "--dynamic", "--max-drop", "1").Refused(2, "--max-drop", "--dynamic does without");
        Quantize(folder, model, "--out", folder["absent", "small.onnx"]).Refused(2, "its folder does not exist", "Nothing was quantised");
        Quantize(folder, model, "--out", model).Refused(2, "it is the model itself");
        Quantize(folder, model, "--folded-out", folder["tiny-int8.onnx"]).Refused(2, "both name");
        Quantize(folder, model, "--keep-float", "fc3").Refused(1, "'fc3'", "Did you mean 'fc1'?");
        Quantize(folder, "absent.onnx").Refused(1, "'absent.onnx' does not exist");
        string once = folder["tiny-int8.onnx"];
        Quantize(folder, model).Done();
        Quantize(folder, once).Refused(1, "quantised already");
    }

    [Fact]
    public void The_folded_float_model_is_written_for_the_benchmark()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.Save(folder, side: 12), folded = folder["folded.onnx"];
        string output = Quantize(folder, model, "--folded-out", folded).Done().Output;

        Assert.DoesNotContain(OnnxFile.Load(folded).Initializers, initializer => initializer.Data.Type == DistillSharp.Graph.ElementType.Int8);
        string share = Regex.Match(output, @"^file\s.*?([\d.]+) %$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Equal(100.0 * new FileInfo(folder["tiny-int8.onnx"]).Length / new FileInfo(folded).Length, double.Parse(share, CultureInfo.InvariantCulture), 0.06);
        Assert.Contains("tiny-int8.onnx", DistillCommand.Run("bench", folded, folder["tiny-int8.onnx"], "--runs", "5", "--rounds", "2", "--starts", "0").Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_warning_is_printed_where_the_whole_interval_says_that_INT8_is_slower_and_only_there()
    {
        using var folder = new TemporaryFolder();
        var result = Quantize(folder, TinyModel.Save(folder, side: 12)).Done();
        double most = double.Parse(Regex.Match(result.Output, @"\([\d.]+ to ([\d.]+)\) times as fast").Groups[1].Value, CultureInfo.InvariantCulture);

        // At a printed 1.00 either is right.
        Assert.True(most == 1 || most < 1 == result.Errors.Contains("warning: here INT8 is slower than float", StringComparison.Ordinal), $"{most}\n{result.Errors}");
    }

    [Fact]
    public void A_model_of_one_fixed_batch_is_calibrated_and_scored_at_that()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.Save(folder, side: 12);
        var graph = OnnxFile.Load(model);
        graph.Inputs[0] = graph.Inputs[0] with { Shape = [1, 1, 12, 12] };
        graph.Outputs[0] = graph.Outputs[0] with { Shape = [1, 10] };
        graph.KnownValues.Clear();
        OnnxFile.Save(graph, model);

        Assert.Contains("20 test samples", Quantize(folder, model, "--samples", "7", "--sensitivity").Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_that_breaks_in_INT8_stays_in_float_and_the_report_says_why()
    {
        using var folder = new TemporaryFolder();
        string model = Breaking(folder), target = folder["small.onnx"];
        string whole = Quantize(folder, model, "--out", target).Done().Output;
        string output = Quantize(folder, model, "--out", target, "--max-drop", "5").Done().Output;

        Assert.Matches(new Regex(@"^top-1 %\s+100.00\s+[1-5]\d\.\d\d\s", RegexOptions.Multiline), whole);
        Assert.Contains("Gemm 'fc1' stays in float: with it in INT8 top-1 fell by more than 5 points", output, StringComparison.Ordinal);
        Assert.Contains("100.00 % in float, 100.00 % with fc1 in float", output, StringComparison.Ordinal);
        Assert.Matches(new Regex(@"^layers in INT8\s+0\s+1 of 2$", RegexOptions.Multiline), output);
        Assert.Matches(new Regex(@"^top-1 %\s+100.00\s+100.00\s", RegexOptions.Multiline), output);
    }

    /// <summary>Tells the lit row; a huge weight on a pixel that never lights, undone by the bias, leaves INT8 no step for the others.</summary>
    private static string Breaking(TemporaryFolder folder)
    {
        string path = TinyModel.Save(folder, "breaking.onnx", side: 12);
        var graph = OnnxFile.Load(path);
        var (first, bias) = (graph.FindInitializer("fc1.weight")!.Data, graph.FindInitializer("fc1.bias")!.Data);
        var (second, last) = (graph.FindInitializer("fc2.weight")!.Data, graph.FindInitializer("fc2.bias")!.Data);
        first.AsSpan<float>().Clear();
        second.AsSpan<float>().Clear();
        last.AsSpan<float>().Clear();

        // Each of the eight hidden numbers weighs row r by a number of its own; the second layer takes the class whose eight numbers fit best.
        for (int hidden = 0; hidden < 8; hidden++)
        {
            for (int row = 0; row < 10; row++)
            {
                float code = 1 + MathF.Cos(0.6f * (hidden + 1) * row);
                second.AsSpan<float>()[(row * 8) + hidden] = code;
                last.AsSpan<float>()[row] -= code * code / 2;
                first.AsSpan<float>().Slice((hidden * 144) + (row * 12), 12).Fill(code / 24);
            }

            // An unlit pixel is -1 after normalising.
            first.AsSpan<float>()[(hidden * 144) + 143] = 10_000;
            bias.AsSpan<float>()[hidden] = 10_000;
            for (int pixel = 0; pixel < 120; pixel++)
            {
                bias.AsSpan<float>()[hidden] += first.AsSpan<float>()[(hidden * 144) + pixel];
            }
        }

        OnnxFile.Save(graph, path);
        return path;
    }

    private static CommandResult Quantize(TemporaryFolder folder, string model, params string[] more) =>
        DistillCommand.Run(["quantize", model, "--data", "mnist", "--data-root", new TinyIdx().Write(folder), "--threads", "1", .. more]);
}
