using System.CommandLine;
using DistillSharp.Graph;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Quantization.Observers;
using DistillSharp.Runtime.Calibration;

namespace DistillSharp.Cli.Commands;

/// <summary>What <c>distill quantize</c> takes.</summary>
internal sealed class QuantizeOptions
{
    private static readonly Dictionary<string, CalibrationMethod> s_methods = new(StringComparer.Ordinal)
    {
        ["min-max"] = CalibrationMethod.MinMax,
        ["moving-average"] = CalibrationMethod.MovingAverage,
        ["percentile"] = CalibrationMethod.Percentile,
        ["entropy"] = CalibrationMethod.Entropy,
        ["mse"] = CalibrationMethod.Mse,
    };

    private static readonly Dictionary<string, QuantizationTarget> s_targets = new(StringComparer.Ordinal)
    {
        ["auto"] = QuantizationTarget.Auto,
        ["vnni"] = QuantizationTarget.Vnni,
        ["arm"] = QuantizationTarget.Arm,
        ["avx2"] = QuantizationTarget.Avx2,
        ["avx2-unsigned"] = QuantizationTarget.Avx2Unsigned,
    };

    private static readonly Dictionary<string, ElementType> s_types = new(StringComparer.Ordinal) { ["int8"] = ElementType.Int8, ["uint8"] = ElementType.UInt8 };

    public Argument<string> Model { get; } = new("model") { Description = "The ONNX file, in float" };

    public Option<string> Data { get; } = CommonOptions.Data(required: false);

    public Option<string> Calibration { get; } = Choice("--calibration", $"How ranges are chosen: {string.Join(", ", s_methods.Keys)}", "min-max", s_methods.Keys);

    public Option<int> Samples { get; } = new("--samples") { Description = "Training pictures to calibrate on", HelpName = "N", DefaultValueFactory = _ => 512 };

    public Option<string?> Out { get; } = new("--out") { Description = "The file written (default MODEL-int8.onnx)", HelpName = "FILE" };

    public Option<string?> FoldedOut { get; } = new("--folded-out") { Description = "Also write the float model INT8 is compared with, folded: distill bench FOLDED INT8", HelpName = "FILE" };

    public Option<string> Target { get; } = Choice("--target", $"The processor it is for: {string.Join(", ", s_targets.Keys)}", "auto", s_targets.Keys);

    public Option<string[]> KeepFloat { get; } = new("--keep-float") { Description = "Nodes that stay in float", HelpName = "NODE", AllowMultipleArgumentsPerToken = true };

    public Option<string[]> KeepFloatOperators { get; } = new("--keep-float-operators") { Description = "Operators that stay in float", HelpName = "OPERATOR", AllowMultipleArgumentsPerToken = true };

    public Option<double?> MaxDrop { get; } = new("--max-drop") { Description = "Leave the worst layers in float until top-1 falls by no more points, on held-out training pictures", HelpName = "POINTS" };

    public Option<bool> Sensitivity { get; } = new("--sensitivity") { Description = "Rank the layers by the damage that quantising each alone does" };

    public Option<bool> Equalize { get; } = new("--equalize") { Description = "Even out the ranges of channels between layers first" };

    public Option<bool> CorrectBias { get; } = new("--correct-bias") { Description = "Take the mean error of rounding out of the biases" };

    public Option<double> Percentile { get; } = new("--percentile") { Description = "The percentile of --calibration percentile", HelpName = "P", DefaultValueFactory = _ => 99.99 };

    public Option<string?> ActivationType { get; } = OptionalChoice("--activation-type", "int8 or uint8 (default: what suits the target)", s_types.Keys);

    public Option<string?> WeightType { get; } = OptionalChoice("--weight-type", "int8 or uint8 (default: what suits the target)", s_types.Keys);

    public Option<bool?> ReducedRange { get; } = new("--reduced-range") { Description = "Use 7 bits of weights (default: what suits the target)", HelpName = "true|false" };

    public Option<bool> PerTensor { get; } = new("--per-tensor") { Description = "One scale for a whole weight instead of one a channel" };

    public Option<bool> SymmetricActivations { get; } = new("--symmetric-activations") { Description = "Symmetric ranges for activations of both signs" };

    public Option<bool> Dynamic { get; } = new("--dynamic") { Description = "Scale activations while running; matrix products only, no data needed" };

    public Option<string> Form { get; } = Choice("--form", "deployed (INT8 weights) or training (float weights, rounded while running)", "deployed", ["deployed", "training"]);

    public Option<long> Seed { get; } = new("--seed") { Description = "The seed of the draw of training pictures", HelpName = "N", DefaultValueFactory = _ => 0 };

    public Option<int> ImageSize { get; } = CommonOptions.ImageSize();

    public Option<int> Threads { get; } = CommonOptions.Threads();

    public Option<string?> Root { get; } = CommonOptions.DataRoot();

    public Option<bool> SkipBad { get; } = CommonOptions.SkipBad();

    public Option<bool> Offline { get; } = CommonOptions.NoDownload();

    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        foreach (var option in new Option[]
        {
            Data, Calibration, Samples, Out, FoldedOut, Target, KeepFloat, KeepFloatOperators, MaxDrop, Sensitivity, Equalize, CorrectBias, Percentile, ActivationType, WeightType, ReducedRange,
            PerTensor, SymmetricActivations, Dynamic, Form, Seed, ImageSize, Threads, Root, SkipBad, Offline,
        })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Refuses options that would do nothing, and numbers out of their bounds, before any work.</summary>
    public void RefuseUnused(ParseResult parsed)
    {
        bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };
        Option[] forCalibration = [Data, Calibration, Samples, MaxDrop, Sensitivity, Equalize, CorrectBias, Percentile, ActivationType, SymmetricActivations, Form];
        if (parsed.GetValue(Dynamic) && forCalibration.FirstOrDefault(Given) is { } idle)
        {
            throw new ArgumentException($"{idle.Name} is for calibration, and --dynamic does without: it finds the scales while the model runs. Leave out one of the two.");
        }

        if (Given(Percentile) && s_methods[parsed.GetValue(Calibration)!] != CalibrationMethod.Percentile)
        {
            throw new ArgumentException($"--percentile is read by --calibration percentile only, and the calibration is {parsed.GetValue(Calibration)}.");
        }

        if (parsed.GetValue(Samples) < 1)
        {
            throw new ArgumentException("--samples must be 1 or more.");
        }

        if (parsed.GetValue(MaxDrop) is { } most && !(most >= 0 && double.IsFinite(most)))
        {
            throw new ArgumentException($"--max-drop is 0 or more points of top-1, not {most.ToString(System.Globalization.CultureInfo.InvariantCulture)}.");
        }
    }

    public QuantizationOptions Quantization(ParseResult parsed) => new()
    {
        Target = s_targets[parsed.GetValue(Target)!],
        ActivationType = parsed.GetValue(ActivationType) is { } activations ? s_types[activations] : null,
        WeightType = parsed.GetValue(WeightType) is { } weights ? s_types[weights] : null,
        ReducedRange = parsed.GetValue(ReducedRange),
        PerChannel = !parsed.GetValue(PerTensor),
        SymmetricActivations = parsed.GetValue(SymmetricActivations),
        KeepFloat = parsed.GetValue(KeepFloat) ?? [],
        KeepFloatOperators = parsed.GetValue(KeepFloatOperators) ?? [],
    };

    public StaticQuantizationOptions Static(ParseResult parsed) => new()
    {
        Quantization = Quantization(parsed),
        Calibration = s_methods[parsed.GetValue(Calibration)!],
        Percentile = parsed.GetValue(Percentile),
        Equalize = parsed.GetValue(Equalize),
        CorrectBias = parsed.GetValue(CorrectBias),
        Threads = parsed.GetValue(Threads),
    };

    private static Option<string> Choice(string name, string description, string fallback, IReadOnlyCollection<string> known)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "WORD", DefaultValueFactory = _ => fallback };
        Check(option, known);
        return option;
    }

    private static Option<string?> OptionalChoice(string name, string description, IReadOnlyCollection<string> known)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "WORD" };
        Check(option, known);
        return option;
    }

    private static void Check(Option option, IReadOnlyCollection<string> known) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var given }] && !known.Contains(given))
        {
            result.AddError($"{option.Name} '{given}' is not known. {(NearMiss.Of(given, known) is { } near ? $"Did you mean '{near}'?" : $"There are {string.Join(", ", known)}.")}");
        }
    });
}
