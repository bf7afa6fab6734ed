namespace DistillSharp.Graph.Passes;

/// <summary>
/// Folds each BatchNormalization into the Conv, ConvTranspose or Gemm before it: <c>w' = w·s</c>, <c>b' = (b - mean)·s + shift</c> with
/// <c>s = scale / sqrt(variance + epsilon)</c>. The layer's output takes the normalisation's name.
/// </summary>
/// <remarks>Left alone: a layer whose output something else reads too, statistics that are no constants, training mode. A shared weight is cloned.</remarks>
[Pass("fold-batch-norm", "Fold each BatchNormalization into the Conv, ConvTranspose or Gemm before it")]
public sealed class FoldBatchNormPass : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        foreach (var norm in graph.Nodes.Where(node => node is { Operation: "BatchNormalization", Domain: "" }).ToList())
        {
            var uses = new GraphUses(graph);
            if (uses.Producer(norm.InputOrNull(0)) is not { Domain: "", Operation: "Conv" or "ConvTranspose" or "Gemm" } layer)
            {
                continue;
            }

            if (Obstacle(graph, uses, layer, norm) is { } obstacle)
            {
                changes.Note($"{norm} stays: {obstacle}.");
                continue;
            }

            Fold(graph, uses, layer, norm);
            changes.Add("BatchNormalization folded");
        }
    }

    private static string? Obstacle(ModelGraph graph, GraphUses uses, GraphNode layer, GraphNode norm)
    {
        var constants = Enumerable.Range(1, 4).Select(i => graph.FindInitializer(norm.InputOrNull(i))).ToList();
        var weight = graph.FindInitializer(layer.InputOrNull(1));
        var bias = graph.FindInitializer(layer.InputOrNull(2));
        if (!ReferenceEquals(uses.OnlyReader(layer.Outputs[0]), norm))
        {
            return $"the output of {layer} has other readers";
        }

        if (weight is null || !weight.Data.Type.IsFloat() || constants.Any(constant => constant is null) || (layer.InputOrNull(2) is not null && bias is null))
        {
            return $"not every weight and statistic of it and {layer} is a constant";
        }

        if (norm.Int("training_mode", 0) != 0 || (graph.Opset < 9 && norm.Int("spatial", 1) == 0) || norm.Outputs.Skip(1).Any(uses.IsNeeded))
        {
            return "it normalises by the batch, or each element by itself";
        }

        long? channels = ChannelsOf(layer, weight.Data.Shape);
        if (channels is not { } count || constants.Any(constant => constant!.Data.Count != count))
        {
            return $"its statistics do not fit the {channels} channels of {layer}";
        }

        if (bias is not null && bias.Data.Count != count && !(bias.Data.Count == 1 && layer.Operation == "Gemm"))
        {
            return $"the bias of {layer} is [{string.Join(", ", bias.Data.Shape)}] instead of one number a channel";
        }

        // One number a row is no number a channel, even where both are equally many.
        if (bias is { Data.Shape: [.., not 1, 1] } && count > 1)
        {
            return $"the bias of {layer} differs from row to row";
        }

        double epsilon = norm.Float("epsilon", 1e-5f);
        return constants[3]!.Data.ToDoubles().All(variance => variance + epsilon > 0) ? null : "a variance is not positive";
    }

    private static long? ChannelsOf(GraphNode layer, IReadOnlyList<long> weight) => layer.Operation switch
    {
        "Gemm" => weight.Count == 2 ? weight[layer.Int("transB", 0) != 0 ? 0 : 1] : null,
        "Conv" => weight.Count >= 3 ? weight[0] : null,
        _ => weight.Count >= 3 && layer.Int("group", 1) is var groups and > 0 && weight[0] % groups == 0 ? weight[1] * groups : null,
    };

    private static void Fold(ModelGraph graph, GraphUses uses, GraphNode layer, GraphNode norm)
    {
        double[] Constant(int index) => graph.FindInitializer(norm.Inputs[index])!.Data.ToDoubles();
        double[] scale = Constant(1), shift = Constant(2), mean = Constant(3), variance = Constant(4);
        double epsilon = norm.Float("epsilon", 1e-5f);
        for (int i = 0; i < scale.Length; i++)
        {
            scale[i] /= Math.Sqrt(variance[i] + epsilon);
        }

        var weight = OwnedWeight.Claim(graph, uses, layer, 1);
        double[] elements = weight.Data.ToDoubles();
        for (long i = 0; i < elements.LongLength; i++)
        {
            elements[i] *= scale[ChannelOf(layer, weight.Data.Shape, i)];
        }

        weight.Data = TensorNumbers.FromDoubles(weight.Data.Type, weight.Data.Shape, elements);
        double[] bias = graph.FindInitializer(layer.InputOrNull(2))?.Data.ToDoubles() ?? [0];
        double beta = layer.Operation == "Gemm" ? layer.Float("beta", 1) : 1;
        double[] folded = [.. scale.Select((factor, i) => (((bias[bias.Length == 1 ? 0 : i] * beta) - mean[i]) * factor) + shift[i])];
        var data = TensorNumbers.FromDoubles(weight.Data.Type, [folded.Length], folded);
        if (layer.InputOrNull(2) is null)
        {
            string name = uses.Fresh(weight.Name.EndsWith(".weight", StringComparison.Ordinal) ? weight.Name[..^7] + ".bias" : weight.Name + ".bias");
            graph.Add(new(name, data, weight.Trainable) { Initialization = Initialization.Constant(0) });
            layer.SetInput(2, name);
        }
        else
        {
            OwnedWeight.Claim(graph, uses, layer, 2).Data = data;
        }

        layer.Attributes.Remove("beta");
        graph.Nodes.Remove(norm);
        graph.KnownValues.Remove(layer.Outputs[0]);
        layer.Outputs[0] = norm.Outputs[0];
        graph.RemoveUnread([.. norm.Inputs.Skip(1)]);
    }

    /// <summary>The output channel that an element of the weight belongs to.</summary>
    private static long ChannelOf(GraphNode layer, IReadOnlyList<long> shape, long index)
    {
        long area = 1;
        for (int i = layer.Operation == "Gemm" ? 1 : 2; i < shape.Count; i++)
        {
            area *= shape[i];
        }

        if (layer.Operation == "Gemm")
        {
            return layer.Int("transB", 0) != 0 ? index / area : index % area;
        }

        if (layer.Operation == "Conv")
        {
            return index / (area * shape[1]);
        }

        // A transposed filter is [in, out / groups, ...]: the group is told by the input channel.
        long input = index / (area * shape[1]), perGroup = shape[0] / layer.Int("group", 1);
        return (input / perGroup * shape[1]) + (index / area % shape[1]);
    }
}
