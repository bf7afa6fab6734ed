using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Graph.Evaluation;

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
        var walk = new ShapeWalk(graph);
        foreach (var node in graph.Nodes)
        {
            walk.Visit(node);
        }

        var uses = new GraphUses(graph);
        var roles = ParameterRoles.Of(graph);
        var made = new HashSet<string>(StringComparer.Ordinal);
        var read = new HashSet<string>(StringComparer.Ordinal);
        var kept = new List<GraphNode>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
        {
            if (node.Outputs.Any(uses.IsOutput) || Fold(graph, uses, roles, walk.Numbers, node) is not { } values)
            {
                kept.Add(node);
                continue;
            }

            read.UnionWith(node.Inputs);
            foreach (var (name, value) in node.Outputs.Zip(values).Where(pair => pair.First.Length > 0))
            {
                graph.KnownValues.Remove(name);
                graph.Add(new(name, value, trainable: false));
                made.Add(name);
            }

            changes.Add($"{node.Operation} folded");
        }

        graph.Nodes.Clear();
        kept.ForEach(graph.Nodes.Add);
        graph.RemoveUnread(read);
        ParameterRoles.Mark(graph, made);
        changes.Add("weights found", graph.Initializers.Count(initializer => initializer.Trainable && made.Contains(initializer.Name)));
    }

    private TensorData[]? Fold(ModelGraph graph, GraphUses uses, ParameterRoles roles, KnownNumbers numbers, GraphNode node)
    {
        int limit = node.Outputs.Any(roles.LiesWhereLearned) ? options.MaxWeightElements : options.MaxElements;
        if (node.Domain.Length == 0 && node.Outputs.All(name => name.Length == 0 || numbers.Constant(name) is { Type: ElementType.Int64 } told && told.Count <= limit) && ConstantEvaluator.Covers(node))
        {
            return [.. node.Outputs.Select(name => name.Length > 0 ? numbers.Constant(name)!.Clone() : TensorData.Create<long>([0]))];
        }

        var inputs = node.Inputs.Select(name => graph.FindInitializer(name)).ToList();
        return node.Inputs.Zip(inputs).All(pair => pair.First.Length == 0 || (pair.Second is { } constant && (options.FoldTrainable || !constant.Trainable || IsStoredAs(uses, node))))
            ? ConstantEvaluator.Evaluate(node, graph.Opset, [.. inputs.Select(input => input?.Data)], limit)
            : null;
    }

    /// <summary>Whether a node only turns a weight into the type it is used in: what is trained is the weight in that type.</summary>
    private static bool IsStoredAs(GraphUses uses, GraphNode node) => node is { Domain: "", Operation: "Cast" } && uses.OnlyReader(node.Inputs[0]) is not null;
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
