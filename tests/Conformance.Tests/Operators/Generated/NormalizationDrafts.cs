namespace Conformance.Tests.Operators.Generated;

/// <summary>Normalisations.</summary>
internal static class NormalizationDrafts
{
    public static readonly Dictionary<string, (int Since, Action<Draft> Draw)> Cases = new()
    {
        ["BatchNormalization"] = (9, BatchNormalization),
        ["LayerNormalization"] = (17, LayerNormalization),
        ["InstanceNormalization"] = (6, d =>
        {
            long[] shape = d.Shape(3, 5);
            d.Floats(shape).Floats([shape[1]]).Floats([shape[1]]).With("epsilon", d.Real(1e-5, 0.1)).Outputs(1);
        }
        ),

        // The group normalisation of opset 18, with scales of groups, ONNX Runtime does not have; ONNX withdrew it.
        ["GroupNormalization"] = (21, GroupNormalization),
        ["MeanVarianceNormalization"] = (9, d => d.Floats(d.Shape(4, 4)).Outputs(1)),
        ["LpNormalization"] = (1, d =>
        {
            long[] shape = d.Shape();
            d.Floats(shape, 0.2, 2).With("axis", d.Axis(shape.Length)).With("p", d.Next(1, 2)).Outputs(1);
        }
        ),
        ["LRN"] = (1, d => d.Floats(d.Shape(4, 4, 6)).With("size", d.Any(1L, 3, 5)).With("alpha", d.Real(0.01, 1)).With("beta", d.Real(0.3, 1)).With("bias", d.Real(0.5, 2)).Outputs(1)),
    };

    private static void BatchNormalization(Draft d)
    {
        long[] shape = d.Shape(2, 5), channel = [shape[1]];
        d.Floats(shape).Floats(channel).Floats(channel).Floats(channel).Floats(channel, 0.2, 2).With("epsilon", d.Real(1e-5, 0.1)).Outputs(1);
        if (d.Opset >= 14 && d.Coin())
        {
            d.With("training_mode", 1L).With("momentum", d.Real(0.1, 0.9)).Outputs(2);
        }
    }

    private static void LayerNormalization(Draft d)
    {
        long[] shape = d.Shape();
        long axis = d.Axis(shape.Length);
        long[] rest = shape[(int)(axis < 0 ? axis + shape.Length : axis)..];
        d.Floats(shape).Floats(rest);
        if (d.Coin())
        {
            d.Floats(rest);
        }

        d.With("axis", axis).With("epsilon", d.Real(1e-3, 0.1)).Outputs(d.Any(1, 3));
    }

    private static void GroupNormalization(Draft d)
    {
        long groups = d.Next(1, 3), channels = groups * d.Next(1, 2);
        d.Floats([d.Next(1, 2), channels, .. d.Shape(1, 2)]).Floats([channels]).Floats([channels]).With("num_groups", groups).With("epsilon", d.Real(1e-3, 0.1)).Outputs(1);
    }
}
