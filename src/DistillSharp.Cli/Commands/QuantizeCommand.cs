using System.CommandLine;
using System.Globalization;
using DistillSharp.Cli.Views;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Quantization.Observers;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill quantize MODEL</c>: INT8 by calibration on training pictures, with a table of before and after.</summary>
internal static class QuantizeCommand
{
    /// <summary>The share of the training pictures that scores for --sensitivity and --max-drop; calibration draws from the rest.</summary>
    private const double HeldOut = 0.1;
    private const int SensitivitySamples = 256;

    public static Command Build()
    {
        var options = new QuantizeOptions();
        var command = new Command("quantize", "Make a model INT8: smaller, and faster where the processor multiplies bytes");
        options.AddTo(command);
        command.OnRun((parsed, cancellation) =>
        {
            string path = parsed.GetValue(options.Model)!;
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"The model '{path}' does not exist.");
            }

            string target = parsed.GetValue(options.Out) ?? Path.ChangeExtension(path, null) + "-int8.onnx";
            return parsed.GetValue(options.Dynamic)
                ? Dynamic(options.Quantization(parsed), path, target)
                : Static(parsed, options, path, target, cancellation);
        });
        return command;
    }

    private static int Dynamic(QuantizationOptions quantization, string path, string target)
    {
        var prepared = StaticQuantizer.Prepare(OnnxFile.Load(path)).Graph;
        var result = new DynamicQuantizePass(quantization).Apply(prepared);
        OnnxFile.Save(result.Graph, target);
        foreach (var changes in result.Changes)
        {
            Console.Out.WriteLine(changes);
            QuantizationView.Notes(changes.Notes);
        }

        QuantizationView.File(target, OnnxFile.Serialize(prepared).LongLength);
        return CommandLine.Done;
    }

    private static int Static(ParseResult parsed, QuantizeOptions options, string path, string target, CancellationToken cancellation)
    {
        var graph = OnnxFile.Load(path);
        var card = ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata));
        string data = parsed.GetValue(options.Data) ?? throw new ArgumentException("--data says on which pictures to calibrate; it can be left out only with --dynamic.");
        var set = DataChoice.Open(data, parsed.GetValue(options.Root), card?.Input.Height ?? parsed.GetValue(options.ImageSize), !parsed.GetValue(options.Offline), cancellation);
        var input = card?.Input ?? set.Input;
        long seed = parsed.GetValue(options.Seed);
        bool skip = parsed.GetValue(options.SkipBad);
        var (kept, heldOut) = SeededSplit.Split(set.Train, HeldOut, seed);
        var calibration = CalibrationSet.Draw(kept, input, Positive("--samples", parsed.GetValue(options.Samples)), seed, skip);
        var chosen = options.Static(parsed);
        var quantizer = StaticQuantizer.Calibrate(graph, calibration, chosen, new ShareView("calibrating"), cancellation);
        string how = string.Create(CultureInfo.InvariantCulture, $"{chosen.Quantization.Scheme}, {parsed.GetValue(options.Calibration)}, {calibration.Count} samples, seed {seed}");
        Console.Out.WriteLine($"calibrated {how} of {set.Name}");

        var sessions = new ModelSessionOptions { Threads = chosen.Threads };
        double Score(ModelGraph one)
        {
            using var session = ModelSession.Open(OnnxFile.Serialize(one), sessions);
            return 100 * Evaluator.Evaluate(session, heldOut, new() { Input = input, BatchSize = 128, SkipBad = skip }, cancellation: cancellation).Score.Top1;
        }

        double? maxDrop = parsed.GetValue(options.MaxDrop);
        IReadOnlyList<LayerSensitivity> ranked = [];
        if (parsed.GetValue(options.Sensitivity) || maxDrop is not null)
        {
            ranked = SensitivityAnalysis.Rank(quantizer, CalibrationSet.Draw(heldOut, input, SensitivitySamples, seed, skip), chosen.Threads, new ShareView("layers"), cancellation);
            QuantizationView.Sensitivity(ranked);
        }

        bool training = parsed.GetValue(options.Form) == "training";
        IReadOnlyList<string> floats = [];
        ModelGraph? limited = null;
        if (maxDrop is { } most)
        {
            var result = new DropLimit(most, Score).Apply(quantizer, ranked, new LineView(), cancellation);
            (floats, limited) = (result.Kept, result.Graph);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"held-out training pictures: {result.Before:0.00} % in float, {result.After:0.00} % with {(floats.Count == 0 ? "every layer quantised" : $"in float: {string.Join(", ", floats)}")}"));
        }

        var quantized = training ? quantizer.TrainingForm(floats, cancellation) : limited ?? quantizer.Quantize(floats, cancellation);
        quantized.Metadata["distillsharp.provenance.quantization"] = how;
        OnnxFile.Save(quantized, target);
        QuantizationView.Notes(quantizer.Plan.Notes);
        QuantizationView.Compare(quantizer, floats.Count, target, set, new() { Input = input, BatchSize = 256, SkipBad = skip }, sessions, cancellation);
        return CommandLine.Done;
    }

    private static int Positive(string option, int value) => value > 0 ? value : throw new ArgumentException($"{option} must be 1 or more.");
}
