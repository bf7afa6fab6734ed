using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Passes;

/// <summary>
/// Frees the first dimension of the inputs, so that a model exported for one picture takes any number. Constants that hold the old size
/// (a Reshape to <c>[1, 256]</c>, a Resize to <c>[1, C, H, W]</c>) are rewritten; a node that fixes it otherwise is named in the error.
/// </summary>
/// <remarks>The shapes are worked out for the old size and for a multiple of it: what grows with it is the batch.</remarks>
/// <param name="options">Which inputs, and the name.</param>
[Pass("dynamic-batch", "Free the first dimension of the inputs and rewrite the constants that hold it")]
public sealed class DynamicBatchPass(DynamicBatchOptions options) : GraphPass
{
    /// <summary>A prime that no shape is likely to hold by chance.</summary>
    private const long Factor = 101;

    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        var fixedInputs = graph.Inputs.Where(input => (options.Inputs.Count == 0 || options.Inputs.Contains(input.Name)) && input.Shape is [{ Size: > 0 }, ..]).ToList();
        if (options.Inputs.FirstOrDefault(name => graph.Inputs.All(input => input.Name != name)) is { } missing)
        {
            throw new GraphException($"There is no input '{missing}'; the inputs are {string.Join(", ", graph.Inputs.Select(input => input.Name))}.");
        }

        graph.KnownValues.Clear();
        ShapeInference.Infer(graph);
        var before = graph.KnownValues.ToDictionary(pair => pair.Key, pair => pair.Value.Shape, StringComparer.Ordinal);
        foreach (var input in fixedInputs)
        {
            before[input.Name] = input.Shape;
        }

        Declare(graph.Inputs, fixedInputs, input => Dimension.Of(input.Shape![0].Size!.Value * Factor));
        graph.KnownValues.Clear();
        var walk = new ShapeWalk(graph);
        foreach (var node in graph.Nodes)
        {
            Rewrite(graph, node, before, changes);
            try
            {
                walk.Visit(node);
            }
            catch (GraphException error)
            {
                throw new GraphException($"The batch of {node} cannot be freed, because something before it holds the old size: {error.Message}", error);
            }
        }

        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            var output = graph.Outputs[i];
            if (Grows(graph, before, output.Name))
            {
                graph.Outputs[i] = output with { Shape = [Dimension.Named(options.Symbol), .. (output.Shape ?? ShapeInference.Find(graph, output.Name)!.Shape!).Skip(1)] };
                changes.Add("outputs freed");
            }
            else if (output.Shape is [{ Size: not null }, ..])
            {
                changes.Note($"The output {output} keeps its size: it does not depend on the batch, or cannot be followed to it.");
            }
        }

        Declare(graph.Inputs, fixedInputs, _ => Dimension.Named(options.Symbol));
        graph.KnownValues.Clear();
        ShapeInference.Infer(graph);
        changes.Add("inputs freed", fixedInputs.Count);
    }

    private static void Declare(IList<GraphValue> inputs, List<GraphValue> chosen, Func<GraphValue, Dimension> first)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            if (chosen.FirstOrDefault(input => input.Name == inputs[i].Name) is { } input)
            {
                inputs[i] = input with { Shape = [first(input), .. input.Shape!.Skip(1)] };
            }
        }
    }

    private static void Rewrite(ModelGraph graph, GraphNode node, Dictionary<string, IReadOnlyList<Dimension>?> before, PassChanges changes)
    {
        if (node.Domain.Length > 0 || node.InputOrNull(0) is not { } input)
        {
            return;
        }

        int index = node.Operation switch { "Reshape" => 1, "Resize" when graph.Opset >= 11 => 3, _ => -1 };
        if (index < 0 || graph.FindInitializer(node.InputOrNull(index))?.Data is not { Type: ElementType.Int64 } constant)
        {
            return;
        }

        long[] target = constant.ToLongs();
        if (!Grows(graph, before, input))
        {
            if (target is [> 0, ..] && ShapeInference.Find(graph, input)?.Shape is null && graph.FindInitializer(input) is null)
            {
                throw new GraphException($"{node} reshapes to [{string.Join(", ", target)}], and the shape of what it reads is not known, so it cannot be told where its batch is. Fold constants first.");
            }

            return;
        }

        var old = before[input]!;
        if (node.Operation == "Resize")
        {
            RescaleInstead(graph, node, old, target);
        }
        else if (NewTarget(node, old, before.GetValueOrDefault(node.Outputs[0]), target) is { } told)
        {
            graph.SetConstant(node, index, TensorData.Create<long>(told, told.Length));
        }
        else
        {
            return;
        }

        changes.Add($"{node.Operation} constants rewritten");
    }

    /// <summary>Whether the value's first dimension is the batch, or a multiple of it, and no other is.</summary>
    private static bool Grows(ModelGraph graph, Dictionary<string, IReadOnlyList<Dimension>?> before, string value) =>
        before.GetValueOrDefault(value) is { Count: > 0 } old && ShapeInference.Find(graph, value)?.Shape is { Count: > 0 } grown
        && old[0].Size is > 0 and { } small && grown[0].Size == small * Factor && old.Skip(1).SequenceEqual(grown.Skip(1));

    /// <summary>The shape that holds no batch; null if it is fine as it is.</summary>
    private static long[]? NewTarget(GraphNode node, IReadOnlyList<Dimension> old, IReadOnlyList<Dimension>? made, long[] target)
    {
        bool zeros = node.Int("allowzero", 0) != 0;
        if (target is [] || (target[0] == 0 && !zeros) || (target[0] == -1 && made is not null && made.Count == target.Length))
        {
            return null;
        }

        if (target[0] == old[0].Size && !zeros)
        {
            return [0, .. target.Skip(1)];
        }

        // The first size is then what is left, so every other one must be told.
        long[] rest = [.. target.Skip(1).Select((size, i) => size == -1 ? made?[i + 1].Size ?? -1 : size)];
        return target[0] > 0 && !rest.Contains(-1) && target[0] % old[0].Size == 0 | old[0].Size % target[0] == 0
            ? [-1, .. rest]
            : throw new GraphException($"{node} reshapes [{string.Join(", ", old)}] to [{string.Join(", ", target)}], which mixes the batch with other dimensions. Export the model with a free batch.");
    }

    /// <summary>Sizes of all four dimensions become scales, of which the batch's is 1.</summary>
    private static void RescaleInstead(ModelGraph graph, GraphNode node, IReadOnlyList<Dimension> old, long[] target)
    {
        if (node.Ints("axes") is not null)
        {
            return;
        }

        float[] scales = [.. target.Select((size, i) => old[i].Size is { } from and > 0 ? (float)size / from : float.NaN)];
        if (target.Length != old.Count || target.Where((size, i) => i > 0 && !(Math.Floor(scales[i] * (double)old[i].Size!) == size)).Any() || target[0] != old[0].Size
            || node.Text("keep_aspect_ratio_policy", "stretch") != "stretch")
        {
            throw new GraphException($"{node} resizes [{string.Join(", ", old)}] to [{string.Join(", ", target)}], which no scales give exactly. Export the model with a free batch.");
        }

        graph.SetConstant(node, 2, TensorData.Create<float>(scales, scales.Length));
        node.Inputs.RemoveAt(3);
    }
}

/// <summary>The options of <see cref="DynamicBatchPass"/>.</summary>
public sealed record DynamicBatchOptions
{
    /// <summary>The name of the freed dimension, not empty. Default <c>batch</c>.</summary>
    public string Symbol
    {
        get;
        init => field = value.Length > 0 ? value : throw new ArgumentException("The batch needs a name.", nameof(Symbol));
    } = Builder.GraphBuilder.BatchSymbol;

    /// <summary>The inputs whose first dimension is the batch; none means all of them. Default none.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];
}
