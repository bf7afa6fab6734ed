using DistillSharp.Graph;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Runtime.Calibration;

/// <summary>
/// Takes out of each layer's bias the mean error that rounding leaves in its output, layer after layer, measured on calibration samples
/// (Nagel et al., arXiv:1906.04721, section 4.2, with their empirical means).
/// </summary>
/// <param name="prepared">The float graph.</param>
/// <param name="set">The samples.</param>
/// <param name="threads">Threads of ONNX Runtime.</param>
internal sealed class BiasCorrector(ModelGraph prepared, CalibrationSet set, int threads)
{
    /// <summary>As many samples as means of a channel need.</summary>
    private const int MostSamples = 128;

    /// <summary>The float graph's means: measured once, for any number of quantised graphs.</summary>
    private Dictionary<string, double[]>? _expected;

    /// <summary>Corrects the biases of a training form.</summary>
    /// <param name="quantized">A training form of the float graph; its biases are changed, and layers without one get one.</param>
    /// <param name="cancellation">Stops the work.</param>
    public void Correct(ModelGraph quantized, CancellationToken cancellation)
    {
        _expected ??= Means(prepared, [.. prepared.Nodes.Where(IsLayer).Select(node => node.Outputs[0])], set, threads, cancellation);
        foreach (var (wanted, node) in prepared.Nodes.Where(IsLayer).Zip(quantized.Nodes.Where(IsLayer).ToList()))
        {
            if (node.InputOrNull(1) is not { } weight || quantized.FindInitializer(weight) is not null)
            {
                continue;
            }

            // Layers after this one are not run: their biases cannot change what it answers.
            string name = node.Outputs[0];
            double[] expected = _expected[wanted.Outputs[0]], means = Means(new ExtractPass([], [name]).Apply(quantized).Graph, [name], set, threads, cancellation)[name];
            var numbers = Bias(quantized, node, means.Length).Data.AsSpan<float>();
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] -= (float)(means[i] - expected[i]);
            }
        }
    }

    /// <summary>The mean of each channel of some values.</summary>
    private static Dictionary<string, double[]> Means(ModelGraph graph, IReadOnlyList<string> names, CalibrationSet set, int threads, CancellationToken cancellation)
    {
        var sums = new Dictionary<string, (double[] Sum, long Count)>(StringComparer.Ordinal);
        using var session = new TappedSession(graph, names, threads);
        long seen = 0;
        foreach (var batch in set.Batches(cancellation))
        {
            session.Run(batch, (name, values, shape) => Add(sums, name, values, shape), cancellation);
            if ((seen += batch.Shape[0]) >= MostSamples)
            {
                break;
            }
        }

        return sums.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value.Sum, sum => sum / pair.Value.Count), StringComparer.Ordinal);
    }

    private static void Add(Dictionary<string, (double[] Sum, long Count)> sums, string name, ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
        int channels = (int)shape[1], area = 1;
        foreach (long size in shape[2..])
        {
            area *= (int)size;
        }

        var (sum, count) = sums.TryGetValue(name, out var old) ? old : (new double[channels], 0);
        for (int i = 0; i < values.Length; i++)
        {
            sum[i / area % channels] += values[i];
        }

        sums[name] = (sum, count + (values.Length / channels));
    }

    private static Initializer Bias(ModelGraph graph, GraphNode node, int channels)
    {
        if (node.InputOrNull(2) is not null)
        {
            return OwnedWeight.Claim(graph, new(graph), node, 2);
        }

        var bias = new Initializer(new GraphUses(graph).Fresh("bias"), TensorData.Create<float>(new float[channels], channels), trainable: true);
        graph.Add(bias);
        node.SetInput(2, bias.Name);
        return bias;
    }

    private static bool IsLayer(GraphNode node) => node is { Domain: "", Operation: "Conv" or "ConvTranspose" or "Gemm" };
}
