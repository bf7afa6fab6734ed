using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Passes;

/// <summary>
/// Puts the normalisation of pictures into the graph, <c>(x / range - mean) / deviation</c> for each channel, so that a camera's bytes are fed as they come.
/// What a caller feeds changes; a card that tells the normalisation must then say that there is none left to do.
/// </summary>
/// <param name="options">The pictures' form, mean and deviation.</param>
public sealed class EmbedPreprocessingPass(EmbedPreprocessingOptions options) : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        var input = options.Input is null ? graph.Inputs.FirstOrDefault() : graph.Inputs.FirstOrDefault(input => input.Name == options.Input);
        if (input is not { Type: ElementType.Float32 or ElementType.Float16, Shape.Count: 4 })
        {
            throw new GraphException($"{(input is null ? $"There is no input '{options.Input}'" : $"The input {input} takes no pictures")}; [N, C, H, W] of floats is expected.");
        }

        if (options.Mean.Count != options.Deviation.Count || (input.Shape[1].Size is { } channels && channels != options.Mean.Count))
        {
            throw new GraphException($"The input {input} has {input.Shape[1]} channels, but there are {options.Mean.Count} means and {options.Deviation.Count} deviations.");
        }

        var uses = new GraphUses(graph);
        if (uses.IsCaptured(input.Name) || uses.IsOutput(input.Name))
        {
            throw new GraphException($"The input '{input.Name}' is read by its name elsewhere, so nothing can be put behind it.");
        }

        string value = input.Name;
        int at = 0;
        string Put(string operation, string[] inputs, string what, params (string Name, AttributeValue Value)[] attributes)
        {
            var node = new GraphNode(operation, inputs, [uses.Fresh($"{input.Name}.{what}")], $"{input.Name}.{what}");
            foreach (var (name, told) in attributes)
            {
                node.Attributes.Add(name, told);
            }

            graph.Nodes.Insert(at++, node);
            return node.Outputs[0];
        }

        // Readers first, so that what is put in between reads the input itself.
        string normalized = uses.Fresh($"{input.Name}.normalized");
        graph.ReplaceReads(input.Name, normalized);
        var type = input.Type;
        if (options.Bytes)
        {
            value = Put("Cast", [value], "float", ("to", new IntValue((long)type)));
        }

        if (options.ChannelsLast)
        {
            value = Put("Transpose", [value], "planes", ("perm", new IntsValue([0, 3, 1, 2])));
        }

        string Constant(string what, IEnumerable<double> numbers)
        {
            string name = uses.Fresh($"{input.Name}.{what}");
            graph.Add(new(name, TensorNumbers.FromDoubles(type, [1, options.Mean.Count, 1, 1], [.. numbers]), trainable: false));
            return name;
        }

        double range = options.Bytes || options.Range255 ? 255 : 1;
        value = Put("Sub", [value, Constant("mean", options.Mean.Select(mean => mean * range))], "centred");
        Put("Mul", [value, Constant("factor", options.Deviation.Select(deviation => 1 / (deviation * range)))], "scaled");
        graph.Nodes[at - 1].Outputs[0] = normalized;

        var shape = input.Shape;
        graph.Inputs[graph.Inputs.IndexOf(input)] = new(input.Name, options.Bytes ? ElementType.UInt8 : type, options.ChannelsLast ? [shape[0], shape[2], shape[3], shape[1]] : shape);
        ShapeInference.Infer(graph);
        changes.Add("nodes put before the model", at);
    }
}

/// <summary>The options of <see cref="EmbedPreprocessingPass"/>.</summary>
public sealed record EmbedPreprocessingOptions
{
    /// <summary>The input; null for the first. Default null.</summary>
    public string? Input { get; init; }

    /// <summary>Whether bytes 0 to 255 are fed instead of floats. Default true.</summary>
    public bool Bytes { get; init; } = true;

    /// <summary>Whether floats are fed as 0 to 255 instead of 0 to 1; bytes always are. Default false.</summary>
    public bool Range255 { get; init; }

    /// <summary>Whether pictures are fed as <c>[N, H, W, C]</c> instead of <c>[N, C, H, W]</c>. Default true.</summary>
    public bool ChannelsLast { get; init; } = true;

    /// <summary>The mean of each channel, of pixels 0 to 1. Default 0 for three channels.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0, 0, 0];

    /// <summary>The deviation of each channel, of pixels 0 to 1, each above 0. Default 1 for three channels.</summary>
    public IReadOnlyList<double> Deviation
    {
        get;
        init => field = value.All(deviation => deviation > 0) ? value : throw new ArgumentOutOfRangeException(nameof(Deviation), string.Join(", ", value), "Deviations are above 0.");
    } = [1, 1, 1];
}
