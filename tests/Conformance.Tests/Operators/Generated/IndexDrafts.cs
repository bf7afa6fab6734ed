namespace Conformance.Tests.Operators.Generated;

/// <summary>Gathering and scattering.</summary>
internal static class IndexDrafts
{
    public static readonly Dictionary<string, (int Since, Action<Draft> Draw)> Cases = new()
    {
        ["Gather"] = (11, Gather),
        ["GatherElements"] = (11, GatherElements),
        ["GatherND"] = (12, GatherND),
        ["ScatterElements"] = (11, ScatterElements),
        ["ScatterND"] = (11, ScatterND),
    };

    private static int At(long[] shape, long axis) => (int)(axis < 0 ? axis + shape.Length : axis);

    private static void Gather(Draft d)
    {
        long[] shape = d.Shape(most: 4);
        long axis = d.Axis(shape.Length);
        int size = (int)shape[At(shape, axis)];
        d.Floats(shape).Integers(d.Shape(0, 2), -size, size - 1).With("axis", axis).Outputs(1);
    }

    private static void GatherElements(Draft d)
    {
        long[] shape = d.Shape(most: 4);
        long axis = d.Axis(shape.Length);
        int size = (int)shape[At(shape, axis)];
        long[] own = [.. shape];
        own[At(shape, axis)] = d.Next(1, 5);
        d.Floats(shape).Integers(own, -size, size - 1).With("axis", axis).Outputs(1);
    }

    private static void GatherND(Draft d)
    {
        long[] shape = d.Shape(fewest: 2, most: 4);
        int batches = d.Next(0, 1), depth = d.Next(1, shape.Length - batches);
        int size = (int)shape.Skip(batches).Take(depth).Min();
        d.Floats(shape).Integers([.. shape[..batches], .. d.Shape(0, 2), depth], -size, size - 1).With("batch_dims", batches).Outputs(1);
    }

    private static void ScatterElements(Draft d)
    {
        long[] shape = d.Shape(most: 4);
        long axis = d.Axis(shape.Length);
        int size = (int)shape[At(shape, axis)];
        string reduction = Reduction(d);

        // Without a reduction a place may be written once only: which of several stays ONNX leaves open.
        long[] own = [.. shape];
        own[At(shape, axis)] = reduction == "none" ? 1 : d.Next(1, 3);
        d.Floats(shape).Integers(own, -size, size - 1).Floats(own).With("axis", axis).Outputs(1);
    }

    private static void ScatterND(Draft d)
    {
        long[] shape = d.Shape(fewest: 2, most: 4);
        int depth = d.Next(1, shape.Length), size = (int)shape.Take(depth).Min();
        string reduction = Reduction(d);
        long[] count = reduction == "none" ? [1] : d.Shape(1, 2, 3);
        d.Floats(shape).Integers([.. count, depth], -size, size - 1).Floats([.. count, .. shape[depth..]]).Outputs(1);
    }

    private static string Reduction(Draft d)
    {
        string reduction = d.Opset >= 18 ? d.Any("none", "add", "mul", "max", "min") : d.Opset >= 16 ? d.Any("none", "add", "mul") : "none";
        if (reduction != "none")
        {
            d.With("reduction", reduction);
        }

        return reduction;
    }
}
