using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>If, Loop and Scan, from what their subgraphs declare to make.</summary>
internal static class ControlFlowShapes
{
    public static IEnumerable<ShapeRule> All => [ShapeRules.Any("If", If), ShapeRules.Any("Loop", Loop), ShapeRules.Any("Scan", Scan)];

    private static IReadOnlyList<Inferred> If(ShapeNode c) =>
        Subgraphs.Outputs(c.Node, "then_branch") is { } then && Subgraphs.Outputs(c.Node, "else_branch") is { } other
            ? [.. then.Zip(other, (a, b) => a.Type == b.Type ? new Inferred(a.Type, Common(a.Shape, b.Shape)) : default)]
            : [];

    private static IReadOnlyList<Inferred> Loop(ShapeNode c)
    {
        if (Subgraphs.Outputs(c.Node, "body") is not { Count: > 0 } body)
        {
            return [];
        }

        // The body makes its condition first; a loop of no turns hands on what it was given.
        int carried = Math.Max(0, c.Node.Inputs.Count - 2);
        return
        [
            .. body.Skip(1).Take(carried).Select((made, i) => new Inferred(made.Type, Common(c.Shape(i + 2), made.Shape))),
            .. body.Skip(1 + carried).Select(made => new Inferred(made.Type, made.Shape is { } each ? [Dimension.Unknown, .. each] : null)),
        ];
    }

    /// <summary>Up to opset 8 a first input holds lengths, and states and sequences have a batch in front.</summary>
    private static IReadOnlyList<Inferred> Scan(ShapeNode c)
    {
        bool batched = c.Opset < 9;
        int first = batched ? 1 : 0, sequences = (int)Math.Clamp(c.Node.Int("num_scan_inputs", 0), 0, c.Node.Inputs.Count), states = c.Node.Inputs.Count - first - sequences;
        if (Subgraphs.Outputs(c.Node, "body") is not { } body || sequences == 0 || states < 0 || states > body.Count)
        {
            return [];
        }

        var inputAxes = batched ? null : c.Node.Ints("scan_input_axes");
        var outputAxes = batched ? null : c.Node.Ints("scan_output_axes");
        var sequence = c.Shape(first + states);
        Dimension length = sequence is null ? Dimension.Unknown : batched ? sequence.ElementAtOrDefault(1) : sequence[c.Axis(inputAxes?.ElementAtOrDefault(0) ?? 0, sequence.Count)];
        return
        [
            .. body.Take(states).Select((made, i) => new Inferred(made.Type, c.Shape(first + i) ?? (batched ? null : made.Shape))),
            .. body.Skip(states).Select((made, i) => new Inferred(made.Type, made.Shape is not { } each ? null
                : batched ? [sequence?.ElementAtOrDefault(0) ?? Dimension.Unknown, length, .. each]
                : Inserted(each, c.Axis(outputAxes?.ElementAtOrDefault(i) ?? 0, each.Count + 1), length))),
        ];
    }

    private static IReadOnlyList<Dimension> Inserted(IReadOnlyList<Dimension> shape, int axis, Dimension size) => [.. shape.Take(axis), size, .. shape.Skip(axis)];

    private static IReadOnlyList<Dimension>? Common(IReadOnlyList<Dimension>? a, IReadOnlyList<Dimension>? b) =>
        a is null || b is null || a.Count != b.Count ? null : [.. a.Zip(b, (left, right) => left == right ? left : Dimension.Unknown)];
}
