using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Passes;

/// <summary>
/// Puts a BatchNormalization that changes nothing behind each Conv and ConvTranspose that has none: an exported model whose normalisation
/// was folded away trains badly at the usual learning rates. Layers whose output is the model's own are left as they are.
/// </summary>
/// <remarks>Once training starts, the batch's statistics take over; measured statistics of the layers' outputs make that change smooth.</remarks>
/// <param name="options">The numbers it starts from.</param>
[Pass("insert-batch-norm", "Put a BatchNormalization that changes nothing behind each convolution without one")]
public sealed class InsertBatchNormPass(InsertBatchNormOptions options) : GraphPass
{
    /// <summary>No layer has more; a file that says so would have its statistics fill the memory.</summary>
    private const int MostChannels = 1 << 20;

    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        ShapeInference.Infer(graph);
        foreach (var layer in graph.Nodes.Where(node => node is { Domain: "", Operation: "Conv" or "ConvTranspose" }).ToList())
        {
            var uses = new GraphUses(graph);
            string y = layer.Outputs[0];
            if (uses.IsOutput(y) || uses.IsCaptured(y) || uses.Readers(y).Any(use => use.Node.Operation == "BatchNormalization"))
            {
                continue;
            }

            if (ShapeInference.Find(graph, y) is not { Shape: [_, { Size: <= MostChannels and { } channels }, ..], Type: ElementType.Float32 } value)
            {
                changes.Note($"{layer} has none put behind it: its channels are not known, or are more than {MostChannels}.");
                continue;
            }

            Insert(graph, uses, layer, value, (int)channels);
            changes.Add("BatchNormalization inserted");
        }
    }

    private void Insert(ModelGraph graph, GraphUses uses, GraphNode layer, GraphValue value, int channels)
    {
        string path = uses.Fresh(value.Name + ".bn");
        double[] mean = new double[channels], variance = new double[channels];
        Array.Fill(variance, 1 - options.Epsilon);
        if (options.Statistics.TryGetValue(value.Name, out var measured))
        {
            if (measured.Mean.Count != channels || measured.Variance.Count != channels)
            {
                throw new GraphException($"The statistics of '{value.Name}' are of {measured.Mean.Count} and {measured.Variance.Count} channels, but {layer} has {channels}.");
            }

            (mean, variance) = ([.. measured.Mean], [.. measured.Variance]);
        }

        void Add(string part, IEnumerable<double> numbers, bool trainable, double fresh) =>
            graph.Add(new($"{path}.{part}", TensorNumbers.FromDoubles(ElementType.Float32, [channels], [.. numbers]), trainable) { Initialization = Initialization.Constant(fresh) });
        Add("weight", variance.Select(square => Math.Sqrt(square + options.Epsilon)), trainable: true, 1);
        Add("bias", mean, trainable: true, 0);
        Add("running_mean", mean, trainable: false, 0);
        Add("running_var", variance, trainable: false, 1);

        // The value's name goes to the normalised one, so that taps see what they saw before.
        layer.Outputs[0] = path + ".input";
        graph.KnownValues[layer.Outputs[0]] = value with { Name = layer.Outputs[0] };
        var norm = new GraphNode("BatchNormalization", [layer.Outputs[0], $"{path}.weight", $"{path}.bias", $"{path}.running_mean", $"{path}.running_var"], [value.Name], path);
        norm.Attributes["epsilon"] = new FloatValue((float)options.Epsilon);
        norm.Attributes["momentum"] = new FloatValue(0.9f);
        graph.Nodes.Insert(graph.Nodes.IndexOf(layer) + 1, norm);
    }
}

/// <summary>The options of <see cref="InsertBatchNormPass"/>.</summary>
public sealed record InsertBatchNormOptions
{
    /// <summary>The number added to the variance, above 0 and below 1. Default 1e-5, as in PyTorch.</summary>
    public double Epsilon
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Epsilon), value, "Epsilon lies between 0 and 1.");
    } = 1e-5;

    /// <summary>For values by name, the mean and variance of each channel as measured on data; mean 0 and variance 1 for the others. Default none.</summary>
    public IReadOnlyDictionary<string, ChannelStatistics> Statistics { get; init; } = new Dictionary<string, ChannelStatistics>();
}

/// <summary>What was measured of a value's channels.</summary>
/// <param name="Mean">The mean of each channel.</param>
/// <param name="Variance">The variance of each channel.</param>
public sealed record ChannelStatistics(IReadOnlyList<double> Mean, IReadOnlyList<double> Variance);
