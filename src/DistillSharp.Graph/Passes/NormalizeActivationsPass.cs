using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Passes;

/// <summary>
/// Brings activations that exporters write in pieces to one form, which <see cref="ActivationUnit"/> finds: Max and Min with constants become Clip or Relu,
/// bounds that follow each other become one Clip, <c>clip(x + 3, 0, 6) / 6</c> HardSigmoid, <c>x · HardSigmoid(x)</c> HardSwish, and SiLU <c>Mul(x, Sigmoid(x))</c>.
/// </summary>
[Pass("normalize-activations", "Bring activations written in pieces to one form: Relu, Clip, HardSigmoid, HardSwish, SiLU")]
public sealed class NormalizeActivationsPass : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        if (graph.Opset < 11)
        {
            changes.Note($"Operator set {graph.Opset} has bounds as attributes; raise it to 11 or more first.");
            return;
        }

        ShapeInference.Infer(graph);
        var uses = new GraphUses(graph);
        var present = graph.Nodes.ToHashSet<GraphNode>(ReferenceEqualityComparer.Instance);
        int before = changes.Total;
        foreach (var node in graph.Nodes.Where(node => node is { Domain: "", Operation: "Relu" or "Clip" or "Max" or "Min" or "Div" or "Mul" }).ToList())
        {
            if (changes.Total != before)
            {
                (uses, present, before) = (new(graph), graph.Nodes.ToHashSet<GraphNode>(ReferenceEqualityComparer.Instance), changes.Total);
            }

            if (!present.Contains(node))
            {
                continue;
            }

            var matcher = new ActivationMatcher(graph, uses, node);
            if (matcher.Bounds() is { } bounds)
            {
                Clip(graph, matcher, node, bounds, changes);
            }
            else if (matcher.HardSigmoid() is { } inner)
            {
                matcher.Become("HardSigmoid", inner, ("alpha", new FloatValue(1f / 6)), ("beta", new FloatValue(0.5f)));
                changes.Add("HardSigmoid found");
            }
            else if (graph.Opset >= 14 && matcher.HardSwish() is { } swish)
            {
                matcher.Become("HardSwish", swish);
                changes.Add("HardSwish found");
            }
            else if (node is { Operation: "Mul", Inputs.Count: 2 } && uses.Producer(node.Inputs[0]) is { Domain: "", Operation: "Sigmoid" } sigmoid && sigmoid.Inputs[0] == node.Inputs[1])
            {
                (node.Inputs[0], node.Inputs[1]) = (node.Inputs[1], node.Inputs[0]);
                changes.Add("SiLU put in order");
            }
        }
    }

    private static void Clip(ModelGraph graph, ActivationMatcher matcher, GraphNode node, ActivationBounds bounds, PassChanges changes)
    {
        if (bounds is { Low: 0, High: float.PositiveInfinity })
        {
            if (node.Operation != "Relu" || node.Inputs[0] != bounds.Value)
            {
                matcher.Become("Relu", bounds.Value);
                changes.Add("Relu found");
            }
        }
        else if (node.Operation != "Clip" || node.Inputs[0] != bounds.Value)
        {
            matcher.Become("Clip", bounds.Value);
            var type = ShapeInference.Find(graph, bounds.Value)!.Type;
            if (!float.IsNegativeInfinity(bounds.Low))
            {
                graph.SetConstant(node, 1, TensorNumbers.FromDoubles(type, [], [bounds.Low]));
            }

            if (!float.IsPositiveInfinity(bounds.High))
            {
                graph.SetConstant(node, 2, TensorNumbers.FromDoubles(type, [], [bounds.High]));
            }

            changes.Add("Clip found");
        }
    }
}
