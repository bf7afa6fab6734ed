namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>Pictures made larger or smaller.</summary>
internal static class ResizeShapes
{
    public static IEnumerable<ShapeRule> All => [ShapeRules.One("Resize", Resize), ShapeRules.One("Upsample", c => Scaled(c, c.Opset >= 9 ? c.Floats(1) : Attribute(c), Every(c), null))];

    private static IReadOnlyList<Dimension>? Resize(ShapeNode c)
    {
        if (c.Opset < 11)
        {
            return Scaled(c, c.Floats(1), Every(c), null);
        }

        int[] axes = c.Opset >= 18 && c.Node.Ints("axes") is { } told ? [.. told.Select(axis => c.Axis(axis, c.X.Count))] : Every(c);
        if (c.Given(3) && c.Shape(3) is not [{ Size: 0 }])
        {
            return Sized(c, axes);
        }

        return Scaled(c, c.Floats(2), axes, c.Node.Text("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize" ? c.Floats(1) ?? [] : null);
    }

    private static int[] Every(ShapeNode c) => [.. Enumerable.Range(0, c.X.Count)];

    private static float[]? Attribute(ShapeNode c) => c.Node.Attributes.TryGetValue("scales", out var value) && value is FloatsValue floats ? [.. floats.Values] : null;

    private static IReadOnlyList<Dimension> Scaled(ShapeNode c, float[]? scales, int[] axes, float[]? region)
    {
        var shape = c.X.ToArray();
        if (scales is not null && (scales.Length != axes.Length || scales.Any(scale => !(scale > 0 && scale < int.MaxValue))))
        {
            throw c.Contradiction($"the scales [{string.Join(", ", scales)}] should be {axes.Length} positive numbers");
        }

        for (int i = 0; i < axes.Length; i++)
        {
            var old = c.X[axes[i]];
            float share = region is null ? 1 : region.Length == 2 * axes.Length ? region[i + axes.Length] - region[i] : float.NaN;
            shape[axes[i]] = scales is null || float.IsNaN(share) || share < 0 ? Dimension.Unknown
                : old.Size is { } size ? Dimension.Of((long)MathF.Floor(size * share * scales[i]))
                : scales[i] == 1 && share == 1 ? old : Dimension.Unknown;
        }

        return shape;
    }

    private static IReadOnlyList<Dimension> Sized(ShapeNode c, int[] axes)
    {
        var shape = c.X.ToArray();
        var sizes = c.Sizes(3) ?? new Dimension[axes.Length];
        if (sizes.Length != axes.Length)
        {
            throw c.Contradiction($"the sizes [{string.Join(", ", sizes)}] should be {axes.Length} numbers");
        }

        string policy = c.Node.Text("keep_aspect_ratio_policy", "stretch");
        for (int i = 0; i < axes.Length; i++)
        {
            shape[axes[i]] = sizes[i];
        }

        if (policy != "stretch")
        {
            // One scale for all axes, so that none is larger, or none smaller, than told.
            var scales = axes.Select((axis, i) => c.X[axis].Size is > 0 and { } from && sizes[i].Size is { } to ? (float)to / from : float.NaN).ToList();
            float scale = policy == "not_larger" ? scales.Min() : scales.Max();
            foreach (int axis in axes)
            {
                shape[axis] = scales.Any(float.IsNaN) ? Dimension.Unknown : Dimension.Of((long)MathF.Floor((c.X[axis].Size!.Value * scale) + 0.5f));
            }
        }

        return shape;
    }
}
