using System.CommandLine;
using DistillSharp.Detection.Data;
using DistillSharp.Detection.Export;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Calibration;

namespace DistillSharp.Cli.Commands;

/// <summary>What <c>distill export</c> takes.</summary>
internal sealed class ExportOptions
{
    private readonly Option<string?> _size = new("--imgsz") { Description = "Rows and columns of the pictures, or one number (default: what the model says)", HelpName = "N|HxW" };
    private readonly Option<int?> _batch = new("--batch") { Description = "The pictures of a batch (default: 1, or what the file says)", HelpName = "N" };
    private readonly Option<bool> _dynamic = new("--dynamic") { Description = "Take any batch and any size that is a multiple of the stride" };
    private readonly Option<bool> _nms = new("--nms") { Description = "Choose the boxes inside the file: it answers [batch, max-det, 6]" };
    private readonly Option<float> _confidence = new("--conf") { Description = "What a box's confidence must exceed, with --nms", HelpName = "C", DefaultValueFactory = _ => 0.25f };
    private readonly Option<float> _iou = new("--iou") { Description = "The overlap above which the less sure box goes, with --nms", HelpName = "IOU", DefaultValueFactory = _ => 0.7f };
    private readonly Option<int> _most = new("--max-det") { Description = "The rows of each picture's answer, with --nms", HelpName = "N", DefaultValueFactory = _ => 300 };
    private readonly Option<bool> _half = new("--half") { Description = "float16 weights; inputs, outputs and what decodes boxes stay float32" };
    private readonly Option<bool> _int8 = new("--int8") { Description = "INT8 weights and activations, calibrated on --data; what decodes boxes stays in float" };
    private readonly Option<string?> _data = new("--data") { Description = "The data.yaml whose training pictures calibrate --int8", HelpName = "FILE" };
    private readonly Option<int> _samples = new("--samples") { Description = "Pictures to calibrate on", HelpName = "N", DefaultValueFactory = _ => 300 };
    private readonly Option<string?> _root = CommonOptions.DataRoot();
    private readonly Option<int?> _opset = new("--opset") { Description = "Raise the operator set, up to 21", HelpName = "N" };

    public Argument<string> Model { get; } = new("model") { Description = "A YOLO11 checkpoint (.pt), a run's best.onnx, or another detector's ONNX file" };

    public Option<string?> Out { get; } = new("--out") { Description = "The file written (default: the model's name with .onnx)", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        foreach (var option in new Option[] { Out, _size, _batch, _dynamic, _nms, _confidence, _iou, _most, _half, _int8, _data, _samples, _root, _opset })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Refuses options that would do nothing, before any work.</summary>
    public void RefuseUnused(ParseResult parsed)
    {
        RefuseWithout(parsed, _nms, _confidence, _iou, _most);
        RefuseWithout(parsed, _int8, _data, _samples, _root);
    }

    public DetectorExportOptions Of(ParseResult parsed) => new()
    {
        Size = Size(parsed),
        Batch = parsed.GetValue(_batch) is not { } batch ? null : batch >= 1 ? batch : throw new ArgumentException($"--batch must be 1 or more, not {batch}."),
        Dynamic = parsed.GetValue(_dynamic),
        Suppression = parsed.GetValue(_nms) ? Suppression(parsed) : null,
        Half = parsed.GetValue(_half),
        Quantization = parsed.GetValue(_int8) ? new StaticQuantizationOptions() : null,
        Calibration = parsed.GetValue(_data) is { } data ? DetectionData.Open(data, new() { Location = new() { Root = parsed.GetValue(_root) } }).Train : null,
        CalibrationPictures = parsed.GetValue(_samples) is >= 1 and var samples ? samples : throw new ArgumentException("--samples must be 1 or more."),
        Opset = parsed.GetValue(_opset) is not { } opset ? null : opset is >= 13 and <= 21 ? opset : throw new ArgumentException($"--opset must be from 13 to 21, not {opset}."),
    };

    private SuppressBoxesOptions Suppression(ParseResult parsed)
    {
        float confidence = parsed.GetValue(_confidence), iou = parsed.GetValue(_iou);
        int most = parsed.GetValue(_most);
        return confidence is >= 0 and <= 1 && iou is >= 0 and <= 1 && most is >= 1 and <= 10_000
            ? new() { Confidence = confidence, Iou = iou, MaxDetections = most }
            : throw new ArgumentException("--conf and --iou must be from 0 to 1, and --max-det from 1 to 10,000.");
    }

    private (int Height, int Width)? Size(ParseResult parsed) =>
        parsed.GetValue(_size) is not { } text ? null
        : NumberList.Sizes(text) is { Count: 1 or 2 } sizes && sizes.All(size => size <= 65_536) ? ((int)sizes[0], (int)sizes[^1])
        : throw new ArgumentException($"--imgsz takes a size such as 640 or 480x640, but '{text}' was given.");

    private static void RefuseWithout(ParseResult parsed, Option<bool> needed, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            if (!parsed.GetValue(needed) && parsed.GetResult(option) is { Implicit: false })
            {
                throw new ArgumentException($"{option.Name} says something of {needed.Name}, which was not asked for. Add it, or leave {option.Name} out.");
            }
        }
    }
}
