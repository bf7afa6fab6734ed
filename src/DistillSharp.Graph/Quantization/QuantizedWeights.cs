using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Quantization;

/// <summary>Stores what a quantised graph rounds while it runs: its weights and its biases.</summary>
internal sealed class QuantizedWeights(ModelGraph graph, ConstantPool pool)
{
    private readonly GraphUses _uses = new(graph);
    private readonly Dictionary<string, string> _biases = new(StringComparer.Ordinal);

    /// <summary>Stores the bias of a layer whose input and weight are both dequantised; false for every other layer.</summary>
    public bool StoreBias(GraphNode node)
    {
        if (graph.FindInitializer(node.InputOrNull(2)) is not { Data.Type: ElementType.Float32 } bias
            || _uses.Producer(node.Inputs[0]) is not { Operation: "DequantizeLinear" } input || _uses.Producer(node.Inputs[1]) is not { Operation: "DequantizeLinear" } weight
            || ScalesOf(input) is not [float inputScale] || ScalesOf(weight) is not { } scales || bias.Data.Count % scales.Length != 0)
        {
            return false;
        }

        float[] numbers = bias.Data.AsSpan<float>().ToArray();
        float[] fitted = WeightScales.FitBias(scales, numbers, inputScale);
        if (!fitted.All(float.IsFinite))
        {
            return false;
        }

        if (!fitted.SequenceEqual(scales) && _uses.Producer(weight.Inputs[0]) is { Operation: "QuantizeLinear", Inputs.Count: > 1 } rounding && _uses.Readers(weight.Outputs[0]).Count == 1)
        {
            // A bias that training moved far needs a coarser step of its channel.
            weight.Inputs[1] = rounding.Inputs[1] = pool.Scales(fitted);
            scales = fitted;
        }

        float[] steps = [.. Enumerable.Range(0, scales.Length == 1 ? 1 : numbers.Length).Select(i => inputScale * scales[i % scales.Length])];
        string scaleName = pool.Scales(steps), key = $"{bias.Name}\n{scaleName}";
        if (!_biases.TryGetValue(key, out string? dequantized))
        {
            int[] integers = [.. numbers.Select((number, i) => (int)Math.Clamp(Math.Round((double)number / steps[steps.Length == 1 ? 0 : i], MidpointRounding.ToEven), int.MinValue, int.MaxValue))];
            string stored = pool.Fresh("b");
            graph.Add(new(stored, TensorData.Create<int>(integers, integers.Length), trainable: false));
            dequantized = _biases[key] = pool.Fresh("d");
            var dequantize = new GraphNode("DequantizeLinear", [stored, scaleName], [dequantized]);
            if (steps.Length > 1)
            {
                dequantize.Attributes["axis"] = new IntValue(0);
            }

            graph.Nodes.Insert(graph.Nodes.IndexOf(node), dequantize);
        }

        node.Inputs[2] = dequantized;
        return true;
    }

    /// <summary>Replaces every constant that is quantised while the graph runs by its integers.</summary>
    /// <returns>How many.</returns>
    public int StoreWeights()
    {
        int count = 0;
        foreach (var node in graph.Nodes.Where(node => node is { Domain: "", Operation: "QuantizeLinear" }).ToList())
        {
            if (graph.FindInitializer(node.InputOrNull(0)) is { Data.Type: ElementType.Float32 } weight && ScalesOf(node) is { } scales
                && graph.FindInitializer(node.InputOrNull(2)) is { Data.Type: ElementType.Int8 or ElementType.UInt8 } zero && node.Outputs.Count > 0
                && Fits(weight.Data.Shape, node.Int("axis", 1), scales.Length, zero.Data.Count))
            {
                string name = pool.Fresh("w");
                graph.Add(new(name, Integers(weight.Data, scales, node.Int("axis", 1), zero.Data), trainable: false));
                graph.ReplaceReads(node.Outputs[0], name);
                graph.Nodes.Remove(node);
                count++;
            }
        }

        return count;
    }

    /// <summary>Whether scales and zero points are one for all, or one for each channel. What does not fit stays as the file has it.</summary>
    private static bool Fits(IReadOnlyList<long> shape, long axis, int scales, long zeros)
    {
        axis = axis < 0 ? axis + shape.Count : axis;
        return (scales == 1 || (axis >= 0 && axis < shape.Count && shape[(int)axis] == scales)) && (zeros == 1 || zeros == scales);
    }

    /// <summary>Rounds as QuantizeLinear does.</summary>
    private static TensorData Integers(TensorData data, float[] scales, long axis, TensorData zero)
    {
        var (inner, channels) = scales.Length == 1 ? (1L, 1L) : WeightedLayer.Layout(data.Shape, (int)(axis < 0 ? axis + data.Shape.Count : axis));
        var zeros = zero.ToLongs();
        var maps = scales.Select((scale, i) => new QuantizationParameters(zero.Type, scale, (int)zeros[zeros.Length == 1 ? 0 : i])).ToArray();
        var numbers = data.AsSpan<float>();
        byte[] bytes = new byte[numbers.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = unchecked((byte)maps[i / inner % channels].Quantize(numbers[i]));
        }

        return new(zero.Type, [.. data.Shape], bytes);
    }

    /// <summary>The scales of a node; null where they are not constant, or no scales: a file of others may hold anything.</summary>
    private float[]? ScalesOf(GraphNode node) =>
        graph.FindInitializer(node.InputOrNull(1)) is { Data.Type: ElementType.Float32 } scale && scale.Data.AsSpan<float>().ToArray() is { Length: > 0 } scales
        && Array.TrueForAll(scales, one => one > 0 && float.IsFinite(one)) ? scales : null;
}
