using System.CommandLine;
using DistillSharp.Cli.Views;
using DistillSharp.Detection;
using DistillSharp.Detection.Data;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Tasks;

namespace DistillSharp.Cli.Commands;

/// <summary>What <c>distill quantize</c> does with a detector: it is calibrated on the pictures of a data.yaml, and what decodes boxes stays in float.</summary>
internal static class DetectorQuantization
{
    public static int Run(ParseResult parsed, QuantizeOptions options, ModelGraph graph, ModelCard card, string target, string? folded, CancellationToken cancellation)
    {
        foreach (var option in new Option[] { options.MaxDrop, options.Sensitivity, options.SkipBad, options.ImageSize })
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new ArgumentException($"{option.Name} is for classifiers; a detector's card says its pictures' size, and its layers are not ranked. Leave it out.");
            }
        }

        if (graph.Inputs is not [{ Shape: { Count: 4 } shape }])
        {
            throw new GraphException($"The detector takes {string.Join("; ", graph.Inputs)}, but one input [N, C, H, W] was expected.");
        }

        string data = parsed.GetValue(options.Data) ?? throw new ArgumentException("--data says on which pictures to calibrate: the data.yaml that the detector was trained on.");
        var set = DetectionData.Open(data, new() { Location = new() { Root = parsed.GetValue(options.Root), MayDownload = !parsed.GetValue(options.Offline) } }, cancellation);
        if (ClassOrder.Same(card.ClassNames, set.ClassNames, "the model") is null)
        {
            Console.Error.WriteLine($"distill: warning: the model's {card.ClassNames.Count} classes are not the {set.ClassNames.Count} of {data}. Calibrate on images like those that the model will see.");
        }

        var source = set.Train;
        var size = ((int)(shape[2].Size ?? card.Input.Height), (int)(shape[3].Size ?? card.Input.Width));
        var (quantizer, how) = WorkView.Shares("calibrating", progress => DetectorQuantizer.Calibrate(graph, source, size, parsed.GetValue(options.Samples), parsed.GetValue(options.Seed), options.Static(parsed), skipBad: false, progress, cancellation));
        var quantized = parsed.GetValue(options.Form) == "training" ? quantizer.TrainingForm(cancellation: cancellation) : quantizer.Quantize(cancellation: cancellation);
        quantized.Metadata["distillsharp.provenance.quantization"] = how;
        OnnxFile.Save(quantized, target);
        if (folded is not null)
        {
            OnnxFile.Save(quantizer.Prepared, folded);
        }

        Console.Out.WriteLine($"calibrated {how} of {data}; what decodes boxes stays in float");
        QuantizationView.File(target, OnnxFile.Serialize(quantizer.Prepared).LongLength);
        QuantizationView.Speed(quantizer.Prepared, target, cancellation);
        Console.Out.WriteLine("What it costs, distill val says of both files.");
        return CommandLine.Done;
    }
}
