using System.CommandLine;
using System.Globalization;
using DistillSharp.Cli.Conversion;
using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Plugins;

namespace DistillSharp.Cli.Commands;

/// <summary>What <c>distill convert</c> can be asked to do.</summary>
internal sealed class ConvertOptions
{
    private static readonly string[] s_forms = ["bytes-nhwc", "bytes-nchw", "floats-nhwc", "floats-nchw"];

    public Argument<string> Model { get; } = new("model") { Description = "The ONNX file" };

    public Option<string> Out { get; } = new("--out") { Description = "The file written", HelpName = "FILE", Required = true };

    public Option<int?> Opset { get; } = new("--opset") { Description = "Raise the operator set", HelpName = "N" };

    public Option<string[]> Passes { get; } = new("--pass") { Description = "Apply a pass (distill list passes); repeatable, in this order", HelpName = "KEY" };

    public Option<string[]> From { get; } = new("--from") { Description = "Cut a part out: the values that are fed (repeatable; default: the inputs)", HelpName = "VALUE" };

    public Option<string[]> To { get; } = new("--to") { Description = "Cut a part out: the values that are answered (repeatable)", HelpName = "VALUE" };

    public Option<string[]> Tap { get; } = new("--tap") { Description = "Make an inner value an output too (repeatable)", HelpName = "VALUE" };

    public Option<string[]> FixSize { get; } = new("--fix-size") { Description = "Give a free dimension a size: batch=1; ?=224 for those without a name (repeatable)", HelpName = "NAME=N" };

    public Option<bool> DynamicBatch { get; } = new("--dynamic-batch") { Description = "Free the first dimension of the inputs" };

    public Option<string[]> Rename { get; } = new("--rename") { Description = "Rename an input, an output or another value (repeatable)", HelpName = "OLD=NEW" };

    public Option<bool> Float16 { get; } = new("--float16") { Description = "Turn weights and values into float16, with float32 islands; inputs and outputs stay float32" };

    public Option<string?> Embed { get; } = new("--embed-preprocessing") { Description = $"Normalise pictures inside the graph, which are then fed as FORM: {string.Join(", ", s_forms)}", HelpName = "FORM" };

    public PictureOptions Pictures { get; } = new("", "the model", "the card's");

    public Option<string?> Names { get; } = new("--names") { Description = "Write a card with these class names, one a line; with --mean, --std and, where it is free, --size", HelpName = "FILE" };

    public TrialChoice Trial { get; } = new();

    public Option<double?> Tolerance { get; } = new("--tolerance") { Description = "The largest change of an output, as a share of its largest element (default 0.001; 0.05 for what rounds, which only warns)", HelpName = "SHARE" };

    public Option<bool> NoCheck { get; } = new("--no-check") { Description = "Do not compare the outputs before and after" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        foreach (var option in new Option[] { Out, FixSize, Opset, From, To, Tap, Passes, Embed, DynamicBatch, Rename, Float16, Names })
        {
            command.Options.Add(option);
        }

        Pictures.AddTo(command);
        Trial.AddTo(command);
        command.Options.Add(Tolerance);
        command.Options.Add(NoCheck);
    }

    /// <summary>The steps asked for, in their order.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="graph">The model, whose card tells what was not said.</param>
    /// <exception cref="ArgumentException">They contradict each other, or are unclear.</exception>
    public ConversionPlan Plan(ParseResult parsed, ModelGraph graph)
    {
        var names = NumberList.Pairs("--rename", "an old and a new name, such as x=input", parsed.GetValue(Rename) ?? []);
        var sizes = NumberList.Pairs("--fix-size", "a name and a size, such as batch=1", parsed.GetValue(FixSize) ?? []).ToDictionary(pair => pair.Key, pair =>
            long.TryParse(pair.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size > 0 ? size
            : throw new ArgumentException($"--fix-size takes a name and a size, such as batch=1, but '{pair.Key}={pair.Value}' was given."), StringComparer.Ordinal);
        var plan = new ConversionPlan { Names = names, Sizes = sizes, Preprocessing = Preprocessing(parsed, graph) };
        void Add(bool wanted, Func<GraphPass> make)
        {
            if (wanted)
            {
                plan.Add(make());
            }
        }

        string[] from = parsed.GetValue(From) ?? [], to = parsed.GetValue(To) ?? [], tap = parsed.GetValue(Tap) ?? [];
        Add(sizes.Count > 0, () => new FixedSizePass(sizes));
        Add(parsed.GetValue(Opset) is not null, () => ConversionPlan.Opset(Target(parsed.GetValue(Opset)!.Value, graph)));
        Add(from.Length > 0 || to.Length > 0, () => new ExtractPass(from, to.Length > 0 ? to : [.. graph.Outputs.Select(output => output.Name)]));
        Add(tap.Length > 0, () => new TapPass(tap));
        foreach (string key in parsed.GetValue(Passes) ?? [])
        {
            plan.Add(PluginCatalogs.BuiltIn.Passes.Create(key));
        }

        Add(plan.Preprocessing is not null, () => new EmbedPreprocessingPass(plan.Preprocessing!));
        Add(parsed.GetValue(DynamicBatch), () => new DynamicBatchPass(new()));
        Add(names.Count > 0, () => new RenamePass(names));
        Add(parsed.GetValue(Float16), () => new Float16Pass(new() { Nodes = CardWriter.Of(graph) is { IsDetector: true } ? DetectionTail.NamesOf(graph) : [] }));
        return plan;
    }

    private static int Target(int target, ModelGraph graph) => target >= graph.Opset ? target
        : throw new ArgumentException($"The model has operator set {graph.Opset}; it can be raised, but not lowered to {target}.");

    private EmbedPreprocessingOptions? Preprocessing(ParseResult parsed, ModelGraph graph)
    {
        if (parsed.GetValue(Embed) is not { } form)
        {
            return null;
        }

        if (!s_forms.Contains(form))
        {
            throw new ArgumentException($"--embed-preprocessing '{form}' is not known. {(NearMiss.Of(form, s_forms) is { } near ? $"Did you mean '{near}'?" : $"There are {string.Join(", ", s_forms)}.")}");
        }

        var card = CardWriter.Of(graph)?.Input;
        var mean = Pictures.Mean(parsed) ?? card?.Mean.Select(value => (double)value).ToList();
        var deviation = Pictures.Std(parsed) ?? card?.Deviation.Select(value => (double)value).ToList();
        return mean is null || deviation is null
            ? throw new ArgumentException("The model carries no card, so its normalisation is not known: give --mean and --std.")
            : new() { Bytes = form.StartsWith("bytes", StringComparison.Ordinal), ChannelsLast = form.EndsWith("nhwc", StringComparison.Ordinal), Mean = Each(mean, deviation.Count), Deviation = Each(deviation, mean.Count) };
    }

    /// <summary>One number stands for each channel of the other list.</summary>
    private static IReadOnlyList<double> Each(IReadOnlyList<double> values, int channels) => values.Count == 1 ? [.. Enumerable.Repeat(values[0], channels)] : values;
}
