namespace DistillSharp.Graph.Passes;

/// <summary>
/// Cuts the Softmax off each output that is one, so that the model answers logits: losses, temperatures and predictors here want those. The output
/// keeps its name. What is computed changes: the softmax of the new output is the old one.
/// </summary>
[Pass("cut-softmax", "Cut the Softmax off the outputs, so that the model answers logits")]
public sealed class CutSoftmaxPass : GraphPass
{
    /// <summary>The Softmax over the last axis, the classes, that makes an output.</summary>
    /// <param name="graph">The graph; it is not changed.</param>
    /// <param name="output">The output's name.</param>
    /// <returns>The node; null if the output is made otherwise.</returns>
    public static GraphNode? Find(ModelGraph graph, string output)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var node = graph.Nodes.FirstOrDefault(node => node is { Domain: "", Operation: "Softmax", Inputs: [{ Length: > 0 }] } && node.Outputs.Contains(output));

        // Before operator set 13 all axes from 1 on are one: for [N, C] that is the same.
        int? rank = graph.Outputs.FirstOrDefault(value => value.Name == output)?.Shape?.Count;
        return node is not null && (node.Int("axis", graph.Opset < 13 ? 1 : -1) is var axis && (axis == -1 || axis == (rank ?? 2) - 1)) ? node : null;
    }

    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        foreach (string output in graph.Outputs.Select(output => output.Name).ToList())
        {
            if (Find(graph, output) is not { } softmax)
            {
                continue;
            }

            var uses = new GraphUses(graph);
            if (uses.Readers(output).Count > 0)
            {
                changes.Note($"{softmax} stays: the model itself reads '{output}'.");
                continue;
            }

            string logits = softmax.Inputs[0];
            if (uses.Producer(logits) is { } producer && ReferenceEquals(uses.OnlyReader(logits), softmax))
            {
                producer.Outputs[producer.Outputs.IndexOf(logits)] = output;
                graph.KnownValues.Remove(logits);
                graph.Nodes.Remove(softmax);
            }
            else
            {
                softmax.Operation = "Identity";
                softmax.Attributes.Clear();
            }

            changes.Add("Softmax cut off");
        }
    }
}
