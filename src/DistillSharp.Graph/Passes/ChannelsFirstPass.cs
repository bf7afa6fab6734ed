namespace DistillSharp.Graph.Passes;

/// <summary>
/// Lets a model that takes pictures as <c>[N, H, W, C]</c>, as TensorFlow and Keras export them, take <c>[N, C, H, W]</c>: each such input is turned by a
/// Transpose behind it. Exporters mostly turn it back at once; the two then cost nothing in ONNX Runtime, which removes them.
/// </summary>
[Pass("channels-first", "Let a model that takes [N, H, W, C] take [N, C, H, W]")]
public sealed class ChannelsFirstPass : GraphPass
{
    /// <summary>Whether an input takes pictures with the channels last: four dimensions, 1, 3 or 4 in the last, and not in the second.</summary>
    /// <param name="input">The input.</param>
    public static bool IsChannelsLast(GraphValue input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Shape is [_, var second, _, { Size: 1 or 3 or 4 }] && second.Size is not (1 or 3 or 4);
    }

    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            var input = graph.Inputs[i];
            if (!IsChannelsLast(input))
            {
                continue;
            }

            var uses = new GraphUses(graph);
            if (uses.IsCaptured(input.Name) || uses.IsOutput(input.Name))
            {
                throw new GraphException($"The input '{input.Name}' is read by its name elsewhere, so nothing can be put behind it.");
            }

            string last = uses.Fresh($"{input.Name}.channels_last");
            graph.ReplaceReads(input.Name, last);
            var turn = new GraphNode("Transpose", [input.Name], [last], last);
            turn.Attributes["perm"] = new IntsValue([0, 2, 3, 1]);
            graph.Nodes.Insert(0, turn);
            graph.Inputs[i] = input with { Shape = [input.Shape![0], input.Shape[3], input.Shape[1], input.Shape[2]] };
            changes.Add("inputs turned");
        }
    }
}
