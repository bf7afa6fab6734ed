using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Resize, and Upsample as it was before: one axis after the other, each a sum of picks, so that gradients flow.</summary>
internal static class Resizes
{
    private static readonly string[] s_modes = ["nearest", "linear", "cubic"];
    private static readonly string[] s_coordinates =
        ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize"];

    /// <summary>As Resize in opset 10: asymmetric coordinates.</summary>
    [Operator("Upsample", Note = "as it was up to opset 9")]
    public static Kernel Upsample(NodeContext node)
    {
        double[]? stated = node.Opset < 9 ? node.NumbersOrNull("scales") ?? throw node.Refuse("it needs scales.") : null;
        int scales = node.Opset < 9 ? -1 : node.Input(1), x = node.Input(0);
        var old = Old(node);
        return Scoped.One(node, frame => Compute(frame[x], old, null, stated ?? RuntimeShape.ReadNumbers(frame[scales]), null, null, "stretch", 0));
    }

    [Operator("Resize", Note = "every mode, coordinate transformation and rounding")]
    public static Kernel Resize(NodeContext node)
    {
        int x = node.Input(0);
        if (node.Opset < 11)
        {
            var old = Old(node);
            int factors = node.Input(1);
            return Scoped.One(node, frame => Compute(frame[x], old, null, RuntimeShape.ReadNumbers(frame[factors]), null, null, "stretch", 0));
        }

        var interpolation = new Interpolation
        {
            Mode = Known(node, "mode", "nearest", s_modes),
            Coordinates = Known(node, "coordinate_transformation_mode", "half_pixel", s_coordinates),
            Rounding = Known(node, "nearest_mode", "round_prefer_floor", ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]),
            CubicCoefficient = node.Number("cubic_coeff_a", -0.75),
            ExcludeOutside = node.Node.Int("exclude_outside", 0) != 0,
            Antialias = node.Node.Int("antialias", 0) != 0,
        };
        string policy = Known(node, "keep_aspect_ratio_policy", "stretch", ["stretch", "not_larger", "not_smaller"]);
        double beyond = node.Number("extrapolation_value", 0);
        long[]? axes = node.Node.Ints("axes")?.ToArray();
        int region = node.OptionalInput(1), scales = node.OptionalInput(2);
        var sizes = node.Integers(3);
        var general = Scoped.One(node, frame =>
        {
            double[]? stated = frame.Optional(scales) is { } given && given.numel() > 0 ? RuntimeShape.ReadNumbers(given) : null;
            double[]? part = interpolation.Coordinates == "tf_crop_and_resize" && frame.Optional(region) is { } roi ? RuntimeShape.ReadNumbers(roi) : null;
            return Compute(frame[x], interpolation, axes, stated, stated is null ? sizes(frame) : null, part, policy, beyond);
        });
        if (axes is not null || interpolation is not { Mode: "nearest", Coordinates: "asymmetric", Rounding: "floor" } || node.ConstantNumbers(2) is not [1, 1, var factor, var same] || factor != same || !IsExact(factor))
        {
            return general;
        }

        int y = node.Output(0);
        return frame =>
        {
            if (frame[x] is { } picture && picture.dim() == 4 && picture.is_floating_point() && picture.numel() > 0)
            {
                frame[y] = nn.functional.interpolate(picture, scale_factor: [factor, factor], mode: InterpolationMode.Nearest);
            }
            else
            {
                general(frame);
            }
        };
    }

    /// <summary>Powers of two, whose reciprocals libtorch multiplies by without rounding: every pixel becomes a square of pixels in one call.</summary>
    private static bool IsExact(double factor) => factor is 2 or 4 or 8 or 16;

    private static Interpolation Old(NodeContext node) => new() { Mode = Known(node, "mode", "nearest", ["nearest", "linear"]), Coordinates = "asymmetric", Rounding = Interpolation.Outwards };

    private static string Known(NodeContext node, string name, string fallback, string[] known)
    {
        string value = node.Node.Text(name, fallback);
        return known.Contains(value) ? value : throw node.Refuse($"{name} '{value}' is not known; {string.Join(", ", known)} are.");
    }

    private static Tensor Compute(Tensor x, Interpolation how, long[]? named, double[]? scales, long[]? sizes, double[]? region, string policy, double beyond)
    {
        int[] axes = named is null ? [.. Enumerable.Range(0, (int)x.dim())] : RuntimeShape.Axes(named, x.dim());
        if ((scales?.Length ?? sizes?.Length ?? 0) != axes.Length || (region is not null && region.Length != 2 * axes.Length))
        {
            throw new ArgumentException($"{scales?.Length ?? sizes?.Length ?? 0} scales or sizes do not fit {axes.Length} axes.");
        }

        long[] from = [.. axes.Select(axis => x.shape[axis])];
        (scales, sizes) = Targets(from, scales, sizes, region, policy);
        var type = x.dtype;
        var value = how.Mode == "nearest" || x.is_floating_point() ? x : x.to(ScalarType.Float64);
        for (int i = 0; i < axes.Length; i++)
        {
            var part = region is null ? (0, 1) : (region[i], region[axes.Length + i]);
            if (sizes[i] == from[i] && scales[i] == 1 && part is (0, 1))
            {
                continue;
            }

            var taps = how.Taps(from[i], sizes[i], scales[i], part);
            value = taps.Apply(value, axes[i]);
            if (taps.Outside?.Contains(true) == true)
            {
                value = value.masked_fill(torch.tensor(taps.Outside, RuntimeShape.Along(value.dim(), axes[i], sizes[i]), device: value.device), Number.Of(beyond));
            }
        }

        return value.to(type);
    }

    private static (double[] Scales, long[] Sizes) Targets(long[] from, double[]? scales, long[]? sizes, double[]? region, string policy)
    {
        if (scales is not null)
        {
            // Sizes come from float32 products, as in every runtime: 0.7 of 10 is 7. Of a region its share is scaled.
            float Share(int i) => region is null ? 1 : (float)region[from.Length + i] - (float)region[i];
            sizes = [.. from.Select((size, i) => checked((long)MathF.Floor((float)scales[i] * (size * Share(i)))))];
        }
        else
        {
            scales = [.. from.Zip(sizes!, (size, wanted) => wanted / (double)size)];
            if (policy != "stretch")
            {
                double shared = policy == "not_larger" ? scales.Min() : scales.Max();
                Array.Fill(scales, shared);
                sizes = [.. from.Select(size => checked((long)Math.Floor((shared * size) + 0.5)))];
            }
        }

        if (sizes!.Any(size => size is < 0 or > 1_000_000) || from.Any(size => size < 1) || scales.Any(scale => !(scale > 0)))
        {
            throw new ArgumentException($"[{string.Join(", ", from)}] cannot be resized to [{string.Join(", ", sizes!)}].");
        }

        return (scales, sizes!);
    }
}
