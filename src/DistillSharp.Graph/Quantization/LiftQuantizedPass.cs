using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Quantization;

/// <summary>
/// Brings a quantised graph from deployed form back into training form: integer weights and biases become the floats they stand for, and
/// weights are rounded while the graph runs, so that training can move them. What rounding took away is not brought back.
/// </summary>
[Pass("lift-quantized", "Make the weights of a quantised graph float again, rounded while it runs, so that it trains; what rounding lost stays lost")]
public sealed class LiftQuantizedPass : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        var names = new GraphUses(graph);
        var lifted = new HashSet<string>(StringComparer.Ordinal);
        var stored = new List<string>();
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node is not { Domain: "", Operation: "DequantizeLinear" } || graph.FindInitializer(node.Inputs[0]) is not { } integers
                || graph.FindInitializer(node.InputOrNull(1)) is not { Data.Type: ElementType.Float32 } scales)
            {
                continue;
            }

            var zero = graph.FindInitializer(node.InputOrNull(2))?.Data;
            if (!Fits(node, integers.Data, scales.Data.Count, zero))
            {
                changes.Note($"{node} stays: its scales and zero points do not fit its integers, or are computed.");
                continue;
            }

            var floats = new Initializer(names.Fresh(integers.Data.Type == ElementType.Int32 ? "bias" : "weight"), Floats(integers.Data, scales.Data, zero, (int)node.Int("axis", 1)), trainable: false);
            graph.Add(floats);
            lifted.Add(floats.Name);
            stored.Add(integers.Name);
            if (integers.Data.Type == ElementType.Int32)
            {
                // The bias is added in 32 bits, whose steps are too fine to train against.
                graph.Nodes.RemoveAt(i--);
                graph.ReplaceReads(node.Outputs[0], floats.Name);
                stored.Add(scales.Name);
                changes.Add("biases lifted");
                continue;
            }

            var rounding = new GraphNode("QuantizeLinear", [floats.Name, .. node.Inputs.Skip(1)], [names.Fresh("q")]);
            foreach (var (key, value) in node.Attributes)
            {
                rounding.Attributes[key] = value;
            }

            node.Inputs[0] = rounding.Outputs[0];
            graph.Nodes.Insert(i++, rounding);
            changes.Add("weights lifted");
        }

        graph.RemoveUnread(stored);
        ParameterRoles.Mark(graph, lifted);
        if (lifted.Count > 0)
        {
            changes.Note("What rounding took from the weights is lost: they start on the integers' grid.");
        }
    }

    /// <summary>One scale for all, or one for each place along the axis; zero points likewise.</summary>
    private static bool Fits(GraphNode node, TensorData integers, long scales, TensorData? zero)
    {
        long axis = node.Int("axis", 1), rank = integers.Shape.Count;
        axis = axis < 0 ? axis + rank : axis;
        return integers.Type.IsInteger() && (scales == 1 || (axis >= 0 && axis < rank && integers.Shape[(int)axis] == scales))
            && (node.InputOrNull(2) is null || (zero is { } numbers && numbers.Type.IsInteger() && (numbers.Count == 1 || numbers.Count == scales)));
    }

    private static TensorData Floats(TensorData integers, TensorData scales, TensorData? zero, int axis)
    {
        long[] numbers = integers.ToLongs(), zeros = zero?.ToLongs() ?? [0];
        float[] steps = scales.AsSpan<float>().ToArray();
        var (inner, channels) = steps.Length == 1 ? (1L, 1L) : WeightedLayer.Layout(integers.Shape, axis < 0 ? axis + integers.Shape.Count : axis);
        float[] floats = new float[numbers.Length];
        for (int i = 0; i < floats.Length; i++)
        {
            long channel = i / inner % channels;
            floats[i] = (float)((numbers[i] - zeros[zeros.Length == 1 ? 0 : channel]) * (double)steps[channel]);
        }

        return TensorData.Create<float>(floats, [.. integers.Shape]);
    }
}
