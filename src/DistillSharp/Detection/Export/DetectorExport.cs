using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Passes.Opsets;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Detection.Export;

/// <summary>
/// Makes a detector's file for others to use: input <c>images</c>, output <c>output0</c>, norms folded, the metadata that tools for YOLO files read.
/// What comes out was compared with what went in before anything is written.
/// </summary>
public static class DetectorExport
{
    private const string InputName = "images", OutputName = "output0";

    /// <summary>Makes the file in memory.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="options">What file is wanted.</param>
    /// <param name="progress">Told the share of the calibration that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ArgumentException">The options contradict each other or the model; the message says which.</exception>
    /// <exception cref="GraphException">A pass cannot be applied, or the answers came out wrong.</exception>
    /// <exception cref="DataException">The calibration's pictures cannot be read.</exception>
    public static DetectorExportResult Run(DetectorFile detector, DetectorExportOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(options);
        Refuse(options);
        var original = Extracted(detector);
        var sizes = ExportSizes.Of(detector, options);
        var changes = new List<PassChanges>();
        ModelGraph Apply(ModelGraph graph, params GraphPass[] passes)
        {
            var result = new PassPipeline(passes).Run(graph);
            changes.AddRange(result.Changes);
            return result.Graph;
        }

        GraphPass[] raise = options.Opset is { } opset ? [new UpgradeOpsetPass(new() { Target = opset })] : [];
        var graph = Apply(original, [.. raise, .. (options.Dynamic ? DeploymentPasses.Dynamic(OutputName) : DeploymentPasses.Static(sizes.Free, OutputName)).Passes]);
        var notes = detector.Notes.ToList();
        if (options.Quantization is { } quantization)
        {
            (graph, string how) = Quantized(graph, quantization, options, sizes, detector.Card.Input, progress, cancellation);
            notes.Add(how);
        }
        else if (options.Half)
        {
            graph = Apply(graph, new Float16Pass(new() { Nodes = DetectionTail.NamesOf(graph) }));
        }

        if (detector.Card.Input is var input && (input.Mean.Any(value => value != 0) || input.Deviation.Any(value => value != 1)))
        {
            notes.Add($"the card asks for pixels with mean {string.Join('/', input.Mean)} and deviation {string.Join('/', input.Deviation)}; other tools for YOLO files feed pixels of 0 to 1, so give them a file with the normalization inside: distill convert FILE --embed-preprocessing floats-nchw --out FILE");
        }

        var comparisons = DetectorExportCheck.Compare(original, graph, sizes, detector.Card.Input, exact: options.Quantization is null && !options.Half);
        if (options.Suppression is { } suppression)
        {
            graph = Apply(graph, new SuppressBoxesPass(suppression), ConstantFoldingPass.Default, new RemoveDeadPass(new()));
            DetectorExportCheck.Suppresses(graph, suppression);
        }

        var card = Describe(graph, detector.Card, sizes, options);
        if (GraphChecker.Check(graph).FirstOrDefault(problem => problem.IsError) is { } broken)
        {
            throw new GraphException($"What came out of '{detector.Path}' is no valid ONNX model: {broken.Message}");
        }

        return new(graph, card, changes, comparisons, notes);
    }

    private static void Refuse(DetectorExportOptions options)
    {
        if (options.Half && options.Quantization is not null)
        {
            throw new ArgumentException("A file is float16 or INT8, not both. Leave out one of the two.");
        }

        if (options.Quantization is not null && options.Calibration is null)
        {
            throw new ArgumentException("INT8 is calibrated on training pictures: give the data the detector was trained on (--data coco8.yaml).");
        }

        if (options.Dynamic && options.Batch is not null)
        {
            throw new ArgumentException("A dynamic file takes any batch, so none is to be given. Leave out one of the two.");
        }
    }

    /// <summary>The model with one output, under the names that consumers of YOLO files look for.</summary>
    private static ModelGraph Extracted(DetectorFile detector)
    {
        var graph = detector.Graph;
        if (graph.Inputs is not [{ Type: ElementType.Float32, Shape.Count: 4 } input])
        {
            throw new GraphException($"'{detector.Path}' takes {string.Join("; ", graph.Inputs)}, but one input [N, C, H, W] of float32 was expected.");
        }

        string output = (graph.Outputs.FirstOrDefault(output => output.Name == OutputName) ?? graph.Outputs[0]).Name;
        var names = new[] { (input.Name, InputName), (output, OutputName) }.Where(pair => pair.Item1 != pair.Item2).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
        return new PassPipeline([new ExtractPass([], [output]), .. names.Count > 0 ? new GraphPass[] { new RenamePass(names) } : []]).Run(graph).Graph;
    }

    private static (ModelGraph Graph, string How) Quantized(ModelGraph graph, StaticQuantizationOptions quantization, DetectorExportOptions options, ExportSizes sizes, ImageInput input, IProgress<double>? progress, CancellationToken cancellation)
    {
        var prepared = StaticQuantizer.Prepare(graph).Graph;
        var kept = quantization with { Quantization = quantization.Quantization with { KeepFloat = [.. quantization.Quantization.KeepFloat, .. DetectionTail.NamesOf(prepared)] } };
        var set = DetectionCalibration.Draw(options.Calibration!, (sizes.Height, sizes.Width), options.CalibrationPictures, options.Seed, options.Dynamic ? 1 : sizes.Batch, input: input);
        var quantizer = StaticQuantizer.Calibrate(prepared, set, kept, progress, cancellation);
        var quantized = quantizer.Quantize(cancellation: cancellation);
        string how = string.Create(CultureInfo.InvariantCulture, $"{kept.Quantization.Scheme}, {kept.Calibration}, {set.Count} pictures, seed {options.Seed}");
        quantized.Metadata["distillsharp.provenance.quantization"] = how;
        return (quantized, $"calibrated: {how}");
    }

    /// <summary>Writes the metadata: the card, and what tools for YOLO files read.</summary>
    private static ModelCard Describe(ModelGraph graph, ModelCard card, ExportSizes sizes, DetectorExportOptions options)
    {
        var provenance = new Dictionary<string, string>(card.Provenance, StringComparer.Ordinal)
        {
            ["author"] = "DistillSharp",
            ["version"] = typeof(DetectorExport).Assembly.GetName().Version!.ToString(3),
        };
        provenance.TryAdd("description", string.Create(CultureInfo.InvariantCulture, $"{graph.Name} detector of {card.ClassNames.Count} classes"));
        if (graph.Metadata.TryGetValue("distillsharp.provenance.quantization", out string? how))
        {
            provenance["quantization"] = how;
        }

        foreach (string stale in graph.Metadata.Keys.Where(key => key.StartsWith("distillsharp.provenance.", StringComparison.Ordinal)).ToList())
        {
            graph.Metadata.Remove(stale);
        }

        var told = card with { Input = card.Input with { Height = sizes.Height, Width = sizes.Width }, Provenance = provenance };
        foreach (var (key, value) in told.ToMetadata().Concat(told.ToUltralyticsMetadata(options.Dynamic ? 1 : sizes.Batch)))
        {
            graph.Metadata[key] = value;
        }

        return told;
    }
}
