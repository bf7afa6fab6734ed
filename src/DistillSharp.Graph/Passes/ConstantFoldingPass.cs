using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Evaluation;
using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Passes;

/// <summary>
/// Works out what does not depend on the inputs: Constant and ConstantOfShape nodes, shape arithmetic, the shape of values whose shape
/// is known. What is folded becomes an initialiser of the same name, trainable if it lies in a weight's place.
/// </summary>
/// <param name="options">What may be folded.</param>
[Pass("fold-constants", "Work out what does not depend on the inputs; Constant and ConstantOfShape nodes become initialisers")]
public sealed class ConstantFoldingPass(ConstantFoldingOptions options) : GraphPass
{
    /// <summary>Creates the pass with its defaults.</summary>
    public static ConstantFoldingPass Default => new(new());

    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        ShapeInference.Infer(graph);
        var uses = new GraphUses(graph);
        var made = new HashSet<string>(StringComparer.Ordinal);
        var read = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes.ToList())
        {
            if (node.Outputs.Any(uses.IsOutput) || Fold(graph, uses, node) is not { } values)
            {
                continue;
            }

            read.UnionWith(node.Inputs);
            graph.Nodes.Remove(node);
            foreach (var (name, value) in node.Outputs.Zip(values).Where(pair => pair.First.Length > 0))
            {
                graph.KnownValues.Remove(name);
                graph.Add(new(name, value, trainable: false));
                made.Add(name);
            }

            changes.Add($"{node.Operation} folded");
        }

        graph.RemoveUnread(read);
        TrainableRule.Apply(graph, made);
        changes.Add("weights found", graph.Initializers.Count(initializer => initializer.Trainable && made.Contains(initializer.Name)));
    }

    private TensorData[]? Fold(ModelGraph graph, GraphUses uses, GraphNode node)
    {
        bool weight = node.Outputs.SelectMany(uses.Readers).Any(use => TrainableRule.IsSlot(use.Node, use.Index));
        int limit = weight ? options.MaxWeightElements : options.MaxElements;
        var inputs = node.Inputs.Select(name => graph.FindInitializer(name.Length > 0 ? name : null)).ToList();
        if (node is { Domain: "", Operation: "Shape" or "Size" } && inputs[0] is null && ShapeInference.Find(graph, node.Inputs[0])?.Shape is { } known && known.All(size => size.Size is not null))
        {
            return OfShape(node, graph.Opset, [.. known.Select(size => size.Size!.Value)]);
        }

        return node.Inputs.Zip(inputs).All(pair => pair.First.Length == 0 || (pair.Second is { } constant && (options.FoldTrainable || !constant.Trainable)))
            ? ConstantEvaluator.Evaluate(node, graph.Opset, [.. inputs.Select(input => input?.Data)], limit)
            : null;
    }

    /// <summary>A shape is worked out from a tensor without elements: only its sizes are looked at.</summary>
    private static TensorData[]? OfShape(GraphNode node, int opset, long[] shape)
    {
        var sizes = TensorData.Create<long>(shape, shape.Length);
        var whole = new GraphNode("Slice", ["", "", ""], ["y"]);
        long start = node.Int("start", 0), end = node.Int("end", long.MaxValue);
        return node.Operation == "Size" ? [TensorData.Create<long>([shape.Aggregate(1L, (product, size) => checked(product * size))])]
            : ConstantEvaluator.Evaluate(whole, opset, [sizes, TensorData.Create<long>([start], 1), TensorData.Create<long>([end], 1)], int.MaxValue);
    }
}

/// <summary>The options of <see cref="ConstantFoldingPass"/>.</summary>
public sealed record ConstantFoldingOptions
{
    /// <summary>The most elements of a folded value that is no weight, 1 or more. Default 65536.</summary>
    public int MaxElements
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxElements), value, "At least one element must be allowed.");
    } = 65536;

    /// <summary>The most elements of a folded value that lies in a weight's place, 1 or more. Default 2^27, half a gigabyte of float32.</summary>
    public int MaxWeightElements
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxWeightElements), value, "At least one element must be allowed.");
    } = 1 << 27;

    /// <summary>Whether trainable weights are constants too, as in a model that is only run. Default false: a weight that is transposed first keeps its name and its gradient.</summary>
    public bool FoldTrainable { get; init; }
}
