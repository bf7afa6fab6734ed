using System.Globalization;
using System.Text.RegularExpressions;
using DistillSharp.Graph;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Weights;

/// <summary>
/// Tells from a checkpoint which YOLO11 it holds: depth, width and classes, by its own description where it carries one, else by its tensors' shapes.
/// </summary>
public static partial class Yolo11Checkpoint
{
    /// <summary>The modules whose shapes depend on the classes: the class branch of the head.</summary>
    public const string ClassHead = "model.23.cv3";

    private const string FirstConv = "model.0.conv.weight", Deepest = "model.9.cv2.conv.weight", Nested = "model.2.m.0.cv3.conv.weight", LastClasses = "model.23.cv3.0.2.weight";
    private const int Levels = 3;
    private const double FirstChannels = 64, DeepestChannels = 1024;

    /// <summary>Layers by the channels that the full-size model has there.</summary>
    private static readonly (string Name, double Channels)[] s_widths = [(FirstConv, FirstChannels), ("model.1.conv.weight", 128), ("model.3.conv.weight", 256), ("model.5.conv.weight", 512), (Deepest, DeepestChannels)];

    /// <summary>The most channels of the published sizes, then further ones.</summary>
    private static readonly int[] s_mostChannels = [1024, 512, 768, 896, 640, 384, 256, 128];

    /// <summary>Whether a state dict has the names of a YOLO11 detector.</summary>
    /// <param name="stateDict">The tensors by name.</param>
    public static bool Recognises(IReadOnlyDictionary<string, TensorData> stateDict)
    {
        ArgumentNullException.ThrowIfNull(stateDict);
        return stateDict.ContainsKey(FirstConv) && stateDict.ContainsKey(Deepest) && stateDict.ContainsKey("model.10.cv1.conv.weight") && stateDict.ContainsKey(LastClasses);
    }

    /// <summary>The options that build the checkpoint's model with <see cref="Yolo11.Create"/>.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <exception cref="GraphException">It holds no YOLO11 detector.</exception>
    public static Yolo11Options OptionsOf(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var state = checkpoint.StateDict;
        if (!Recognises(state))
        {
            throw new GraphException($"'{checkpoint.Path}' holds no YOLO11 detector: it has no '{string.Join("' or no '", new[] { FirstConv, Deepest, LastClasses }.Where(name => !state.ContainsKey(name)).DefaultIfEmpty("model.10.cv1.conv.weight"))}'. "
                + $"It holds {(checkpoint.Metadata.ModelClass is { } type ? $"a {type}" : $"{state.Count} tensors, the first of them '{state.Keys.First()}'")}; YOLO11 detectors are what can be built here.");
        }

        if (checkpoint.Metadata.Task is { } task && task != "detect")
        {
            throw new GraphException($"'{checkpoint.Path}' is made for '{task}'; detectors ('detect') are what can be built of YOLO11 here.");
        }

        var first = ShapeOf(checkpoint, FirstConv, 4);
        int repeats = Repeats(state);
        var (depth, width, most) = Scale(checkpoint.Metadata.Yaml) is { } told && Fits(told, first[0], ShapeOf(checkpoint, Deepest, 4)[0], repeats) ? told : Measured(checkpoint, repeats);
        long classes = ShapeOf(checkpoint, LastClasses, 4)[0];
        return classes is >= 1 and <= int.MaxValue && first[1] is >= 1 and <= 1024
            ? new() { Classes = (int)classes, Channels = (int)first[1], DepthMultiple = depth, WidthMultiple = width, MaxChannels = most, NestedEverywhere = state.ContainsKey(Nested) }
            : throw new GraphException($"'{checkpoint.Path}' holds a detector of {classes} classes for pictures of {first[1]} channels, which makes no sense.");
    }

    /// <summary>Builds the checkpoint's model with the checkpoint's weights.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="classes">Another number of classes, whose weights are drawn; null for the checkpoint's.</param>
    /// <param name="seed">What the weights of other classes are drawn from.</param>
    /// <returns>The model, and what became of each tensor.</returns>
    /// <exception cref="GraphException">It holds no YOLO11 detector, or one that is built in another way; the message lists what does not fit.</exception>
    public static (ModelGraph Graph, GraphWeightsReport Report) Build(Checkpoint checkpoint, int? classes = null, long seed = 0)
    {
        var options = OptionsOf(checkpoint);
        bool other = classes is { } wanted && wanted != options.Classes;
        var graph = Yolo11.Create(options with { Classes = classes ?? options.Classes });
        graph.Name = KeyOf(options) ?? graph.Name;
        return (graph, GraphWeights.Load(graph, checkpoint.StateDict, other ? new() { Redrawn = [ClassHead], Seed = seed } : null));
    }

    /// <summary>Puts the classes of a detector's head into another order: the last convolution of each level's class branch.</summary>
    /// <param name="graph">The model; its weights are changed in place.</param>
    /// <param name="order">The old 0-based class of each new one: each once.</param>
    /// <exception cref="GraphException">The head's weights are not in the graph under YOLO11's names.</exception>
    public static void Reorder(ModelGraph graph, IReadOnlyList<int> order)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(order);
        for (int level = 0; level < Levels; level++)
        {
            foreach (string kind in new[] { "weight", "bias" })
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"{ClassHead}.{level}.2.{kind}");
                if (graph.FindInitializer(name) is not { Data: { Shape: [var rows, ..] } data } weight || rows != order.Count)
                {
                    throw new GraphException($"The classes of '{graph.Name}' cannot be put in the data's order, because it has no '{name}' of {order.Count} classes. List the data's classes in the model's order.");
                }

                int run = data.Bytes.Length / order.Count;
                weight.Data = new(data.Type, [.. data.Shape], [.. order.SelectMany(own => data.Bytes.Slice(own * run, run).ToArray())]);
            }
        }
    }

    /// <summary>The catalogue's key of a published size; null for another.</summary>
    /// <param name="options">The size.</param>
    public static string? KeyOf(Yolo11Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return (options.DepthMultiple, options.WidthMultiple, options.MaxChannels, options.NestedEverywhere) switch
        {
            (0.5, 0.25, 1024, false) => "yolo11n",
            (0.5, 0.5, 1024, false) => "yolo11s",
            (0.5, 1, 512, true) => "yolo11m",
            (1, 1, 512, true) => "yolo11l",
            (1, 1.5, 512, true) => "yolo11x",
            _ => null,
        };
    }

    /// <summary>Depth, width and most channels as a model's description tells them.</summary>
    private static (double Depth, double Width, int Most)? Scale(IReadOnlyDictionary<string, object?>? yaml)
    {
        if (yaml is null)
        {
            return null;
        }

        object?[] told = yaml.GetValueOrDefault("scales") is IReadOnlyDictionary<string, object?> { Count: > 0 } scales
            ? (scales.GetValueOrDefault(yaml.GetValueOrDefault("scale") as string ?? "") ?? scales.Values.First()) is IReadOnlyList<object?> list ? [.. list] : []
            : [yaml.GetValueOrDefault("depth_multiple"), yaml.GetValueOrDefault("width_multiple"), yaml.GetValueOrDefault("max_channels") ?? (long)DeepestChannels];
        return told is [var depth, var width, var most] && Number(depth) is > 0 and <= 4 and var d && Number(width) is > 0 and <= 4 and var w && Number(most) is >= 64 and <= 4096 and var m
            ? (d, w, (int)m) : null;
    }

    private static double Number(object? value) => value is IConvertible and (long or double) ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : 0;

    /// <summary>A description may be wrong (a tool that prunes changes only tensors): it is used where the tensors agree.</summary>
    private static bool Fits((double Depth, double Width, int Most) told, long first, long deepest, int repeats) =>
        Rounded(Math.Min(FirstChannels, told.Most) * told.Width) == first && Rounded(Math.Min(DeepestChannels, told.Most) * told.Width) == deepest && Math.Max(1, (int)Math.Round(2 * told.Depth)) == repeats;

    /// <summary>
    /// Channels are rounded up to a multiple of 8, so one shape leaves a range of widths: what remains of it over several layers gives all of them their shapes.
    /// </summary>
    private static (double Depth, double Width, int Most) Measured(Checkpoint checkpoint, int repeats)
    {
        List<(double Channels, long Held)> known = [.. s_widths.Select(layer => (layer.Channels, checkpoint.StateDict.ContainsKey(layer.Name) ? ShapeOf(checkpoint, layer.Name, 4)[0] : 0))];
        foreach (int most in s_mostChannels)
        {
            double width = known.Min(layer => layer.Held / Math.Min(layer.Channels, most));
            if (width is > 0 and <= 4 && repeats is >= 1 and <= 8 && known.All(layer => Rounded(Math.Min(layer.Channels, most) * width) == layer.Held))
            {
                return (repeats / 2.0, width, most);
            }
        }

        throw new GraphException($"'{checkpoint.Path}' holds a detector of {string.Join(", ", known.Select(layer => layer.Held))} channels and {repeats} repeats, which is no YOLO11 of one width. One whose channels were pruned is used from its ONNX export.");
    }

    private static long Rounded(double channels) => (long)Math.Ceiling(channels / 8) * 8;

    private static int Repeats(IReadOnlyDictionary<string, TensorData> state) =>
        1 + state.Keys.Select(name => Block().Match(name)).Where(match => match.Success).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).DefaultIfEmpty(-1).Max();

    private static IReadOnlyList<long> ShapeOf(Checkpoint checkpoint, string name, int rank) => checkpoint.StateDict[name].Shape is { } shape && shape.Count == rank ? shape
        : throw new GraphException($"'{checkpoint.Path}' holds no YOLO11 detector: its '{name}' has the shape [{string.Join(", ", checkpoint.StateDict[name].Shape)}], but {rank} dimensions are expected.");

    [GeneratedRegex(@"\Amodel\.2\.m\.(\d{1,3})\.")]
    private static partial Regex Block();
}
