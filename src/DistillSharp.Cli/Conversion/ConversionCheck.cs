using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Comparison;

namespace DistillSharp.Cli.Conversion;

/// <summary>
/// Runs a model before and after a conversion in ONNX Runtime on the same seeded input, whatever became of names and layouts: values that are cut at are
/// computed by the whole model, pictures are normalised by hand where the graph does it now.
/// </summary>
/// <param name="before">The model as it was.</param>
/// <param name="after">The model as it is.</param>
/// <param name="plan">What was done to it.</param>
/// <param name="trial">The sizes that the file leaves open.</param>
internal sealed class ConversionCheck(ModelGraph before, ModelGraph after, ConversionPlan plan, TrialOptions trial)
{
    private readonly Dictionary<string, string> _oldNames = plan.Names.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>Compares every output.</summary>
    /// <returns>The differences, and what was fed, in words.</returns>
    /// <exception cref="GraphException">It cannot be compared; the message says why.</exception>
    public (IReadOnlyList<OutputDifference> Differences, string Fed) Run()
    {
        var feeds = new Dictionary<string, TensorData>(StringComparer.Ordinal);
        var fed = new Dictionary<string, TensorData>(StringComparer.Ordinal);
        Feed(feeds, fed);

        // Values between that are wanted now, as an output or as an input of what was cut out.
        string[] wanted = [.. after.Inputs.Concat(after.Outputs).Select(value => Old(value.Name)).Where(name => !feeds.ContainsKey(name) && before.Outputs.All(output => output.Name != name)).Distinct()];
        var reference = wanted.Length > 0 ? new TapPass(wanted).Apply(before).Graph : before;
        var expected = GraphRun.Run(reference, feeds);
        foreach (var input in after.Inputs.Where(input => !fed.ContainsKey(input.Name)))
        {
            fed[input.Name] = expected[Old(input.Name)];
        }

        var found = GraphRun.Run(after, fed);
        var differences = new List<OutputDifference>();
        foreach (var output in after.Outputs.Where(output => found.ContainsKey(output.Name)))
        {
            string old = Old(output.Name);
            var was = expected.GetValueOrDefault(old) ?? feeds.GetValueOrDefault(old) ?? throw new GraphException($"The output '{output.Name}' was not computed before.");
            bool cut = plan.CutsSoftmax && CutSoftmaxPass.Find(before, old) is not null && CutSoftmaxPass.Find(after, output.Name) is null;
            differences.Add(OutputDifference.Of(output.Name, was, cut ? Softmax(found[output.Name]) : found[output.Name]));
        }

        return (differences, string.Join(", ", fed.Select(pair => $"'{pair.Key}' [{string.Join(", ", pair.Value.Shape)}]")));
    }

    private string Old(string name) => _oldNames.GetValueOrDefault(name, name);

    /// <summary>What the model as it was is fed, and what the model as it is is fed of that.</summary>
    private void Feed(Dictionary<string, TensorData> feeds, Dictionary<string, TensorData> fed)
    {
        var shapes = TrialInputs.Shapes(Settled(), trial);
        foreach (var input in before.Inputs)
        {
            long[] shape = shapes[input.Name];
            var now = after.Inputs.FirstOrDefault(value => Old(value.Name) == input.Name);
            bool turned = plan.TurnsChannels && ChannelsFirstPass.IsChannelsLast(input);
            if (now is not null && plan.Preprocessing is { } preprocessing && plan.IsPreprocessed(before, input.Name))
            {
                // Where pictures were turned first, the model behind both sees [N, H, W, C].
                long[] planes = turned ? [shape[0], shape[3], shape[1], shape[2]] : shape;
                long[] told = preprocessing.ChannelsLast ? [planes[0], planes[2], planes[3], planes[1]] : planes;
                fed[now.Name] = TrialInputs.Create(now, told, trial.Seed);
                var normalized = Normalized(fed[now.Name], planes, preprocessing, input.Type);
                feeds[input.Name] = turned ? Permuted(normalized, [0, 2, 3, 1]) : normalized;
                continue;
            }

            feeds[input.Name] = TrialInputs.Create(input, shape, trial.Seed);
            if (now is not null)
            {
                fed[now.Name] = turned ? Permuted(feeds[input.Name], [0, 3, 1, 2]) : feeds[input.Name];
            }
        }
    }

    /// <summary>The old inputs with the sizes that were fixed since.</summary>
    private ModelGraph Settled()
    {
        var graph = new ModelGraph();
        foreach (var (key, value) in before.Metadata)
        {
            graph.Metadata[key] = value;
        }

        foreach (var input in before.Inputs)
        {
            graph.Inputs.Add(plan.Sizes.Count == 0 || input.Shape is null ? input : input with
            {
                Shape = [.. input.Shape.Select(size => size.Size is null && plan.Sizes.TryGetValue(size.ToString(), out long told) ? Dimension.Of(told) : size)],
            });
        }

        return graph;
    }

    private static TensorData Normalized(TensorData fed, long[] planes, EmbedPreprocessingOptions options, ElementType type)
    {
        var whole = options.ChannelsLast ? Permuted(fed, [0, 3, 1, 2]) : fed;
        int channels = (int)planes[1], plane = (int)(planes[2] * planes[3]);
        double range = options.Bytes || options.Range255 ? 255 : 1;
        float[] values = new float[whole.Count];
        for (int i = 0; i < values.Length; i++)
        {
            int channel = i / plane % channels;
            double value = whole.Type switch { ElementType.UInt8 => whole.AsSpan<byte>()[i], ElementType.Float16 => (double)whole.AsSpan<Half>()[i], _ => whole.AsSpan<float>()[i] };
            values[i] = (float)(((value / range) - options.Mean[channel]) / options.Deviation[channel]);
        }

        return type == ElementType.Float16 ? TensorData.Create<Half>(Array.ConvertAll(values, value => (Half)value), planes) : TensorData.Create<float>(values, planes);
    }

    private static TensorData Permuted(TensorData data, int[] order)
    {
        long[] shape = [.. order.Select(axis => data.Shape[axis])];
        long[] strides = new long[4];
        for (long i = 3, stride = 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= data.Shape[(int)i];
        }

        int size = TensorData.SizeOf(data.Type), at = 0;
        byte[] bytes = new byte[data.Bytes.Length];
        for (long a = 0; a < shape[0]; a++)
        {
            for (long b = 0; b < shape[1]; b++)
            {
                for (long c = 0; c < shape[2]; c++)
                {
                    for (long d = 0; d < shape[3]; d++, at += size)
                    {
                        long from = (a * strides[order[0]]) + (b * strides[order[1]]) + (c * strides[order[2]]) + (d * strides[order[3]]);
                        data.Bytes.Slice(checked((int)(from * size)), size).CopyTo(bytes.AsSpan(at));
                    }
                }
            }
        }

        return new(data.Type, shape, bytes);
    }

    private static TensorData Softmax(TensorData logits)
    {
        if (logits.Type != ElementType.Float32 || logits.Shape.Count == 0)
        {
            throw new GraphException(string.Create(CultureInfo.InvariantCulture, $"Logits of {logits.Type} are not compared with probabilities."));
        }

        float[] values = logits.AsSpan<float>().ToArray();
        int classes = (int)logits.Shape[^1];
        double[] row = new double[classes];
        for (int start = 0; start < values.Length; start += classes)
        {
            Tasks.Classification.SoftLabels.Softmax(values.AsSpan(start, classes), 1, row);
            for (int i = 0; i < classes; i++)
            {
                values[start + i] = (float)row[i];
            }
        }

        return TensorData.Create<float>(values, [.. logits.Shape]);
    }
}
