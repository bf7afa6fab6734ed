namespace DistillSharp.Graph.Passes;

/// <summary>What could be done to a model, pass by pass: each is tried on a copy, so that the counts are what it would do.</summary>
/// <param name="Key">The pass's key: <c>fold-batch-norm</c>.</param>
/// <param name="Benefit">What that is good for.</param>
/// <param name="Changes">What the pass would change.</param>
public sealed record PassAdvice(string Key, string Benefit, PassChanges Changes)
{
    private static readonly (string Key, string Benefit, Func<ModelGraph, bool> Concerns, Func<GraphPass> Make)[] s_known =
    [
        ("fold-constants", "a smaller, faster graph", graph => Holds(graph, "Constant", "ConstantOfShape", "Shape"), () => ConstantFoldingPass.Default),
        ("inline-if", "a graph that trains", graph => Holds(graph, "If"), () => new InlineIfPass()),
        ("remove-identity", "less to run; Dropout is lost for training", graph => Holds(graph, "Identity", "Dropout", "Transpose", "Cast", "Concat", "Pad"), () => new RemoveIdentityPass(new())),
        ("remove-dead", "a smaller file", _ => true, () => new RemoveDeadPass(new())),
        ("fold-batch-norm", "less to run; fold it after training, not before", graph => Holds(graph, "BatchNormalization"), () => new FoldBatchNormPass()),
        ("normalize-activations", "activations the quantiser knows", graph => Holds(graph, "Clip", "Max", "Min", "HardSigmoid", "Mul", "Div"), () => new NormalizeActivationsPass()),
        ("insert-batch-norm", "no normalisation is left: insert it before training, or lower the learning rate", graph => Holds(graph, "Conv") && !Holds(graph, "BatchNormalization", "LayerNormalization", "InstanceNormalization", "GroupNormalization", "QuantizeLinear"), () => new InsertBatchNormPass(new())),
        ("lift-quantized", "a quantised graph that trains", graph => Holds(graph, "DequantizeLinear"), () => new Quantization.LiftQuantizedPass()),
        ("cut-softmax", "logits, which losses and predictors want", graph => Holds(graph, "Softmax"), () => new CutSoftmaxPass()),
        ("channels-first", "pictures as they are fed here", graph => graph.Inputs.Any(ChannelsFirstPass.IsChannelsLast), () => new ChannelsFirstPass()),
        ("dynamic-batch", "batches of any size", graph => graph.Inputs.Any(input => input.Shape is [{ Size: not null }, ..]), () => new DynamicBatchPass(new())),
        ("upgrade-opset", "operators that quantising needs (operator set 13 and above)", graph => graph.Opset < 13, () => new Opsets.UpgradeOpsetPass(new())),
    ];

    /// <summary>What could be done to a model.</summary>
    /// <param name="graph">The model; it is not changed.</param>
    /// <returns>The passes that would change something, in the order in which they are best applied.</returns>
    public static IReadOnlyList<PassAdvice> For(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var advice = new List<PassAdvice>();
        foreach (var (key, benefit, concerns, make) in s_known.Where(known => known.Concerns(graph)))
        {
            try
            {
                if (make().Apply(graph).Changes[0] is { Total: > 0 } changes)
                {
                    advice.Add(new(key, benefit, changes));
                }
            }
            catch (GraphException)
            {
                // What cannot be applied is not advised.
            }
        }

        return advice;
    }

    /// <summary>The changes in words: <c>12 BatchNormalization folded</c>.</summary>
    public string Summary => string.Join(", ", Changes.Counts.Select(pair => $"{pair.Value} {pair.Key}"));

    private static bool Holds(ModelGraph graph, params ReadOnlySpan<string> operations)
    {
        foreach (var node in graph.Nodes)
        {
            if (node.Domain.Length == 0 && operations.Contains(node.Operation))
            {
                return true;
            }
        }

        return false;
    }
}
