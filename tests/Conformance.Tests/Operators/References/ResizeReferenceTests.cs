using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Tasks.Data;

namespace Conformance.Tests.Operators.References;

/// <summary>Every mode, coordinate transformation, rounding and policy of a Resize together, on two to four axes, against its definition: ONNX Runtime has a part of them only.</summary>
public sealed class ResizeReferenceTests
{
    private const int Seeds = 150;

    public static TheoryData<string> Coordinates => ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize"];

    [Theory]
    [MemberData(nameof(Coordinates))]
    public void The_definition_gives_the_same(string coordinates)
    {
        var wrong = new List<string>();
        for (int seed = 0; seed < Seeds; seed++)
        {
            wrong.AddRange(Case(coordinates, new SampleRandom(seed, 7, coordinates.Length)).Select(difference => $"seed {seed}: {difference}"));
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {Seeds}:\n{string.Join('\n', wrong.Take(10))}");
    }

    private static IEnumerable<string> Case(string coordinates, SampleRandom random)
    {
        string mode = Any(ref random, "nearest", "linear", "cubic"), policy = Any(ref random, "stretch", "not_larger", "not_smaller"), rounding = Any(ref random, "round_prefer_floor", "round_prefer_ceil", "floor", "ceil");
        bool antialias = mode != "nearest" && random.NextBool(0.4), exclude = mode == "cubic" && random.NextBool(0.5), byScale = random.NextBool(0.5);
        int rank = 2 + random.NextInt(3);
        long[] shape = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            shape[i] = i < rank - 2 ? 1 + random.NextInt(2) : 2 + random.NextInt(4);
        }

        // Some axes in any order, or all of them where none are named.
        bool named = random.NextBool(0.6);
        int[] axes = named ? (random.NextBool(0.5) ? [rank - 2, rank - 1] : [rank - 1, rank - 2]) : [.. Enumerable.Range(0, rank)];
        float[] scales = new float[axes.Length], region = new float[2 * axes.Length];
        long[] sizes = new long[axes.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            bool picture = axes[i] >= rank - 2;
            float[] choices = [0.4f, 0.5f, 0.6f, 0.8f, 1, 1.5f, 2, 2.6f];
            scales[i] = picture ? choices[random.NextInt(choices.Length)] : 1;
            sizes[i] = picture ? 1 + random.NextInt(7) : shape[axes[i]];
            (region[i], region[axes.Length + i]) = picture ? (random.NextInt(5) * 0.125f, 0.75f + (random.NextInt(5) * 0.125f)) : (0, 1);
        }

        bool crops = coordinates == "tf_crop_and_resize";
        double[] shares = [.. axes.Select((_, i) => crops ? (double)region[axes.Length + i] - region[i] : 1)];
        if (byScale && axes.Select((axis, i) => shape[axis] * scales[i] * shares[i]).Any(size => size < 1))
        {
            return [];
        }

        var node = new GraphNode("Resize", ["x", crops ? "region" : "", byScale ? "scales" : "", byScale ? "" : "sizes"], ["y"], "the node");
        node.Attributes["mode"] = new TextValue(mode);
        node.Attributes["coordinate_transformation_mode"] = new TextValue(coordinates);
        node.Attributes["nearest_mode"] = new TextValue(rounding);
        node.Attributes["cubic_coeff_a"] = new FloatValue(-0.5f);
        node.Attributes["exclude_outside"] = new IntValue(exclude ? 1 : 0);
        node.Attributes["antialias"] = new IntValue(antialias ? 1 : 0);
        node.Attributes["extrapolation_value"] = new FloatValue(7.5f);
        node.Attributes["keep_aspect_ratio_policy"] = new TextValue(policy);
        if (named)
        {
            node.Attributes["axes"] = new IntsValue([.. axes.Select(axis => (long)(random.NextBool(0.5) ? axis : axis - rank))]);
        }

        var graph = new ModelGraph { Name = "one", Opset = 19 };
        graph.Nodes.Add(node);
        graph.Inputs.Add(new("x", ElementType.Float64, [.. shape.Select(Dimension.Of)]));
        graph.Outputs.Add(new("y", ElementType.Float64, null));
        graph.Add(new("region", TensorData.Create<float>(region, region.Length), trainable: false));
        graph.Add(new("scales", TensorData.Create<float>(scales, scales.Length), trainable: false));
        graph.Add(new("sizes", TensorData.Create<long>(sizes, sizes.Length), trainable: false));

        double[] x = new double[TensorData.CountOf(shape)];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = random.NextNormal();
        }

        var (to, factors) = Targets(shape, axes, byScale ? scales : null, sizes, shares, policy);
        (double, double)[] regions = new (double, double)[rank];
        Array.Fill(regions, (0, 1));
        for (int i = 0; i < axes.Length && crops; i++)
        {
            regions[axes[i]] = (region[i], region[axes.Length + i]);
        }

        double[] expected = new ResizeReference(mode, coordinates, rounding, -0.5, exclude, antialias, 7.5).Compute(x, shape, to, factors, regions);
        using var executor = new GraphExecutor(graph, new() { Precision = ElementType.Float64 });
        var actual = executor.Evaluate(new Dictionary<string, TensorData> { ["x"] = TensorData.Create<double>(x, shape) })["y"];
        ShapeInference.Infer(graph);
        string what = $"{mode} {rounding} {policy} antialias={antialias} exclude={exclude} [{string.Join(", ", shape)}] axes [{string.Join(", ", axes)}] {(byScale ? "scales " + string.Join(", ", scales) : "sizes " + string.Join(", ", sizes))} region {string.Join(", ", region)}";
        string told = string.Join(", ", ShapeInference.Find(graph, "y")!.Shape!);
        return [.. new[] { Numbers.Difference(actual, TensorData.Create<double>(expected, to), 1e-9, 1e-9), told == string.Join(", ", to) ? null : $"the shape [{told}] was told instead of [{string.Join(", ", to)}]" }
            .OfType<string>().Select(difference => $"{what}: {difference}")];
    }

    private static (long[] Sizes, double[] Scales) Targets(long[] shape, int[] axes, float[]? scales, long[] sizes, double[] shares, string policy)
    {
        long[] to = [.. shape];
        double[] factors = [.. shape.Select(_ => 1.0)];
        double[] wanted = [.. axes.Select((axis, i) => scales is null ? sizes[i] / (double)shape[axis] : scales[i])];
        bool kept = scales is null && policy != "stretch";
        double shared = policy == "not_larger" ? wanted.Min() : wanted.Max();
        for (int i = 0; i < axes.Length; i++)
        {
            factors[axes[i]] = kept ? shared : wanted[i];
            to[axes[i]] = kept ? (long)Math.Floor((shared * shape[axes[i]]) + 0.5)
                : scales is null ? sizes[i]
                : (long)MathF.Floor(scales[i] * (shape[axes[i]] * (float)shares[i]));
        }

        return (to, factors);
    }

    private static string Any(ref SampleRandom random, params ReadOnlySpan<string> values) => values[random.NextInt(values.Length)];
}
