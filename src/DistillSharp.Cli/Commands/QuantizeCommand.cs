using System.CommandLine;
using System.Globalization;
using DistillSharp.Cli.Views;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Quantization.Observers;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Detection;
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

            options.RefuseUnused(parsed);
            string target = parsed.GetValue(options.Out) ?? Path.ChangeExtension(path, null) + "-int8.onnx";
            string? folded = parsed.GetValue(options.FoldedOut);
            OutputFile.RefuseUnwritable(target, "Nothing was quantised.", path);
            OutputFile.RefuseUnwritable(folded, "Nothing was quantised.", path);
            if (folded is not null && Path.GetFullPath(folded) == Path.GetFullPath(target))
            {
                throw new ArgumentException($"--folded-out and --out both name '{target}'. Nothing was quantised.");
            }

            return parsed.GetValue(options.Dynamic)
                ? Dynamic(options.Quantization(parsed), path, target, folded, cancellation)
                : Static(parsed, options, path, target, folded, cancellation);
        });
        return command;
    }

    private static int Dynamic(QuantizationOptions quantization, string path, string target, string? folded, CancellationToken cancellation)
    {
        var prepared = StaticQuantizer.Prepare(OnnxFile.Load(path)).Graph;
        var result = new DynamicQuantizePass(quantization).Apply(prepared);
        Save(result.Graph, target, prepared, folded);
        foreach (var changes in result.Changes)
        {
            Console.Out.WriteLine(changes);
            QuantizationView.Notes(changes.Notes);
        }

        QuantizationView.File(target, OnnxFile.Serialize(prepared).LongLength);
        QuantizationView.Speed(prepared, target, cancellation);
        return CommandLine.Done;
    }

    private static int Static(ParseResult parsed, QuantizeOptions options, string path, string target, string? folded, CancellationToken cancellation)
    {
        var graph = OnnxFile.Load(path);
        var card = ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata));
        if (card is { IsDetector: true })
        {
            return DetectorQuantization.Run(parsed, options, graph, card, target, folded, cancellation);
        }

        if (card is null && UnsupportedDetector.Of(graph) is { } refusal)
        {
            throw new DataException(refusal);
        }

        string data = parsed.GetValue(options.Data) ?? throw new ArgumentException("--data says on which pictures to calibrate; it can be left out only with --dynamic.");
        var answer = AnswerOf(graph);
        var chosen = options.Static(parsed);
        var set = DataChoice.Open(data, parsed.GetValue(options.Root), card?.Input.Height ?? parsed.GetValue(options.ImageSize), !parsed.GetValue(options.Offline), cancellation);
        var order = ClassOrder.Of(card?.ClassNames, set.ClassNames, $"'{path}'");
        RequireClasses(answer, set.ClassNames.Count);
        ClassOrderView.Print(order);
        var input = card?.Input ?? set.Input;
        long seed = parsed.GetValue(options.Seed);
        bool skip = parsed.GetValue(options.SkipBad);
        int? batch = graph.Inputs is [{ Shape: [{ Size: { } size }, ..] }] ? (int)size : null;
        var (kept, heldOut) = SeededSplit.Split(set.Train, HeldOut, seed);
        var calibration = CalibrationSet.Draw(kept, input, parsed.GetValue(options.Samples), seed, skip, batch);
        var quantizer = WorkView.Shares("calibrating", progress => StaticQuantizer.Calibrate(graph, calibration, chosen, progress, cancellation));
        string how = string.Create(CultureInfo.InvariantCulture, $"{chosen.Quantization.Scheme}, {parsed.GetValue(options.Calibration)}, {calibration.Count} samples, seed {seed}");
        Console.Out.WriteLine($"calibrated {how} of {set.Name}");

        var sessions = new ModelSessionOptions { Threads = chosen.Threads };
        var loading = new BatchLoaderOptions { Input = input, BatchSize = batch ?? 128, SkipBad = skip };
        double Score(ModelGraph one)
        {
            using var session = ModelSession.Open(OnnxFile.Serialize(one), sessions);
            return 100 * Evaluator.Evaluate(session, heldOut, loading, cancellation: cancellation, order: order).Score.Top1;
        }

        double? maxDrop = parsed.GetValue(options.MaxDrop);
        IReadOnlyList<LayerSensitivity> ranked = [];
        if (parsed.GetValue(options.Sensitivity) || maxDrop is not null)
        {
            var samples = CalibrationSet.Draw(heldOut, input, SensitivitySamples, seed, skip, batch);
            ranked = WorkView.Shares("ranking layers", progress => SensitivityAnalysis.Rank(quantizer, samples, chosen.Threads, progress, cancellation));
            QuantizationView.Sensitivity(ranked);
        }

        DropResult? limited = null;
        if (maxDrop is { } most)
        {
            limited = new DropLimit(most, Score).Apply(quantizer, ranked, new LineView(), cancellation);
            QuantizationView.Kept(limited, ranked, most);
        }

        IReadOnlyList<string> floats = limited?.Kept ?? [];
        var quantized = parsed.GetValue(options.Form) == "training" ? quantizer.TrainingForm(floats, cancellation) : limited?.Graph ?? quantizer.Quantize(floats, cancellation);
        quantized.Metadata["distillsharp.provenance.quantization"] = how;
        Save(quantized, target, quantizer.Prepared, folded);
        QuantizationView.Notes(quantizer.Plan.Notes);
        QuantizationView.Compare(quantizer, floats.Count, target, (set, order), loading, sessions, cancellation);
        return CommandLine.Done;
    }

    /// <summary>The shape of a classifier's answer, as far as it is known before anything is run.</summary>
    /// <exception cref="DataException">It is no classifier's.</exception>
    private static IReadOnlyList<Dimension>? AnswerOf(ModelGraph graph)
    {
        var inferred = graph.Clone();
        ShapeInference.Infer(inferred);
        var shape = ShapeInference.Find(inferred, inferred.Outputs.FirstOrDefault()?.Name)?.Shape;
        return shape is null or { Count: 2 } ? shape
            : throw new DataException($"The model answers [{string.Join(", ", shape)}], and it carries no detector's card, so a classifier's [batch, classes] was expected. For a detector, write its card first: distill convert FILE --names FILE --out FILE.");
    }

    /// <summary>Refuses a model that answers another number of classes than the data has, before anything is calibrated.</summary>
    private static void RequireClasses(IReadOnlyList<Dimension>? answer, int classes)
    {
        if (answer is [_, { Size: { } answered }] && answered != classes)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"The model tells {answered} classes apart, but the data has {classes}. Use data with the model's classes."));
        }
    }

    private static void Save(ModelGraph quantized, string target, ModelGraph prepared, string? folded)
    {
        OnnxFile.Save(quantized, target);
        if (folded is not null)
        {
            OnnxFile.Save(prepared, folded);
        }
    }
}
