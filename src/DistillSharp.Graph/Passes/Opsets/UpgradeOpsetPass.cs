using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Passes.Opsets;

/// <summary>
/// Rewrites a graph for a newer operator set, one version after the other: attributes that became inputs, operators that were renamed,
/// and meanings that changed (Softmax before 13 saw its input as a matrix). What cannot be said in the newer set is refused by name.
/// </summary>
/// <param name="options">The operator set wanted.</param>
[Pass("upgrade-opset", "Rewrite the graph for a newer operator set")]
public sealed class UpgradeOpsetPass(UpgradeOpsetOptions options) : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        if (graph.Opset >= options.Target)
        {
            return;
        }

        if (graph.Nodes.FirstOrDefault(node => node.Attributes.Values.Any(value => value is OpaqueValue { Kind: "graph" or "graphs" })) is { } nested)
        {
            throw new GraphException($"{nested} holds a graph of its own, which is not rewritten. Export the model for operator set {options.Target}, or inline it first.");
        }

        ShapeInference.Infer(graph);
        for (int version = graph.Opset + 1; version <= options.Target; version++)
        {
            foreach (var node in graph.Nodes.Where(node => node.Domain.Length == 0).ToList())
            {
                if (OpsetSteps.Find(node.Operation, version) is { } step)
                {
                    // A node of an operator that the file's own set does not have was not looked at before.
                    if (!OperatorSchemas.HasWhatItNeeds(node, version - 1))
                    {
                        throw new GraphException($"{node} lacks inputs that its operator requires in operator set {version - 1}, so it cannot be written for {version}.");
                    }

                    string before = node.Operation;
                    step(new(graph, node, version));
                    changes.Add($"{before} rewritten for {version}");
                }
            }

            graph.Opset = version;
        }

        changes.Add("operator set raised");
    }
}

/// <summary>The options of <see cref="UpgradeOpsetPass"/>.</summary>
public sealed record UpgradeOpsetOptions
{
    /// <summary>The operator set wanted, 8 to 21. Default 17, what new graphs are written for.</summary>
    public int Target
    {
        get;
        init => field = value is > OnnxFile.LowestOpset and <= OnnxFile.HighestOpset
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Target), value, $"Operator sets up to {OnnxFile.HighestOpset} are written.");
    } = ModelGraph.DefaultOpset;
}
