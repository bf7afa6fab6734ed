namespace DistillSharp.Graph.Quantization;

/// <summary>Symmetric scales for weights.</summary>
internal static class WeightScales
{
    /// <summary>One scale for each channel, or one for all: the largest weight lands on the last step. All zeros get a positive scale too.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="axis">The channels' axis; -1 for one scale.</param>
    /// <param name="steps">The last step.</param>
    public static float[] Of(ReadOnlySpan<float> weights, IReadOnlyList<long> shape, int axis, int steps)
    {
        var (inner, channels) = axis < 0 ? (Math.Max(1, weights.Length), 1L) : WeightedLayer.Layout(shape, axis);
        float[] largest = new float[channels];
        for (int i = 0; i < weights.Length; i++)
        {
            int channel = (int)(i / inner % channels);
            largest[channel] = Math.Max(largest[channel], Math.Abs(weights[i]));
        }

        // A channel of zeros is exact under any scale; one near the others' keeps its bias as fine as theirs.
        float typical = largest.Where(value => value > 0).DefaultIfEmpty(1).Min();
        return [.. largest.Select(value => Math.Clamp((value > 0 ? value : typical) / steps, QuantizationParameters.LeastScale, 1e30f))];
    }

    /// <summary>Scales wide enough that the bias fits 32 bits at input scale times weight scale.</summary>
    /// <param name="scales">The weight's scales.</param>
    /// <param name="bias">The bias, one number a channel; as many again for each further group that shares the scales.</param>
    /// <param name="inputScale">The input's scale.</param>
    /// <returns>The scales, those that were too small enlarged.</returns>
    public static float[] FitBias(float[] scales, ReadOnlySpan<float> bias, float inputScale)
    {
        // A bit is left so that the products' sum does not overflow together with the bias.
        const double most = 1 << 30;
        float[] fitted = [.. scales];
        for (int i = 0; i < bias.Length; i++)
        {
            ref float scale = ref fitted[i % scales.Length];
            scale = Math.Max(scale, (float)(Math.Abs((double)bias[i]) / inputScale / most));
        }

        return fitted;
    }
}
