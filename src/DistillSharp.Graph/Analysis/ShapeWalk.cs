using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Analysis.Shapes;

namespace DistillSharp.Graph.Analysis;

/// <summary>Goes through a graph's nodes in order and fills in the types and shapes of what they make.</summary>
/// <param name="graph">The graph; its known values are changed.</param>
internal sealed class ShapeWalk(ModelGraph graph)
{
    /// <summary>The numbers known so far.</summary>
    public KnownNumbers Numbers { get; } = new(graph);

    /// <summary>Works out one node's outputs, the nodes before it having been visited.</summary>
    public void Visit(GraphNode node)
    {
        // Rules look for their later inputs; the first one they take for granted.
        if (node.Domain.Length > 0 || node.Outputs.Count == 0 || (node.InputOrNull(0) is null && !OperatorSchemas.HasWhatItNeeds(node, graph.Opset)))
        {
            return;
        }

        if (ShapeRules.Find(node.Operation) is { } rule)
        {
            var context = new ShapeNode(graph, node, Numbers);
            IReadOnlyList<Inferred> values;
            try
            {
                values = rule(context);
            }
            catch (OverflowException)
            {
                throw context.Contradiction("the sizes are beyond all bounds");
            }

            for (int i = 0; i < Math.Min(values.Count, node.Outputs.Count); i++)
            {
                Learn(node.Outputs[i], values[i]);
            }
        }

        Numbers.Visit(node);
    }

    private void Learn(string name, Inferred value)
    {
        if (name.Length == 0 || value is { Type: ElementType.Undefined, Shape: null })
        {
            return;
        }

        // What the rule cannot tell, the file may have said.
        var shape = value.Shape;
        if (graph.KnownValues.TryGetValue(name, out var declared) && declared.Shape is { } told)
        {
            shape = shape is null ? told : shape.Count == told.Count ? [.. shape.Zip(told, (found, said) => found == Dimension.Unknown ? said : found)] : shape;
        }

        graph.KnownValues[name] = (declared ?? new(name, ElementType.Undefined, null)) with { Type = value.Type != ElementType.Undefined ? value.Type : declared?.Type ?? ElementType.Undefined, Shape = shape, Declaration = null };
    }
}
