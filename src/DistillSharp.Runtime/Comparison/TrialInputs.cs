using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Comparison;

/// <summary>Seeded inputs for a model that is only tried: noise for floats, any bytes for bytes, true, ones for masks, and zeros for other whole numbers (token ids).</summary>
public static class TrialInputs
{
    /// <summary>The shape of every input, with every free size settled.</summary>
    /// <param name="graph">The model; its card tells the size of pictures.</param>
    /// <param name="options">The sizes that the file leaves open.</param>
    /// <exception cref="GraphException">A size is free and nothing tells it, contradicts the file, or is too large; the message says what to give.</exception>
    public static IReadOnlyDictionary<string, long[]> Shapes(ModelGraph graph, TrialOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Shapes.Keys.FirstOrDefault(name => graph.Inputs.All(input => input.Name != name)) is { } unknown)
        {
            throw new GraphException($"A shape was given for '{unknown}', but the inputs are {string.Join(", ", graph.Inputs.Select(input => $"'{input.Name}'"))}.");
        }

        // A named size told for one input is told for all.
        var symbols = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var input in graph.Inputs)
        {
            Match(input, options, symbols);
        }

        var card = CardOf(graph);
        var shapes = graph.Inputs.ToDictionary(input => input.Name, input => Settle(input, options, symbols, card), StringComparer.Ordinal);
        double count = shapes.Values.Sum(shape => shape.Aggregate(1.0, (product, size) => product * size));
        return count <= options.MaxElements
            ? shapes
            : throw new GraphException(string.Create(CultureInfo.InvariantCulture, $"The inputs {string.Join(", ", shapes.Select(pair => $"'{pair.Key}' [{string.Join(", ", pair.Value)}]"))} have {count:#,0} elements; at most {options.MaxElements:#,0} are tried. Give smaller sizes."));
    }

    /// <summary>An input's elements.</summary>
    /// <param name="input">The input.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="GraphException">The input is no tensor of numbers.</exception>
    public static TensorData Create(GraphValue input, ReadOnlySpan<long> shape, long seed)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Type is ElementType.Undefined or ElementType.Text or ElementType.BFloat16)
        {
            throw new GraphException($"The input '{input.Name}' holds {(input.Type == ElementType.Undefined ? "no tensor" : input.Type)}; only models that take numbers can be tried.");
        }

        var data = new TensorData(input.Type, shape, new byte[checked(TensorData.CountOf(shape) * TensorData.SizeOf(input.Type))]);
        var random = new SampleRandom(seed, 0, input.Name.Length);
        switch (input.Type)
        {
            case ElementType.Float32:
                Fill(data.AsSpan<float>(), () => (float)random.NextNormal());
                break;
            case ElementType.Float64:
                Fill(data.AsSpan<double>(), () => random.NextNormal());
                break;
            case ElementType.Float16:
                Fill(data.AsSpan<Half>(), () => (Half)random.NextNormal());
                break;
            case ElementType.UInt8:
                Fill(data.AsSpan<byte>(), () => (byte)random.NextInt(256));
                break;
            case ElementType.Bool:
                data.AsSpan<bool>().Fill(true);
                break;
            case ElementType.Int64 when IsMask(input):
                data.AsSpan<long>().Fill(1);
                break;
            case ElementType.Int32 when IsMask(input):
                data.AsSpan<int>().Fill(1);
                break;
        }

        return data;
    }

    /// <summary>All inputs of a model, by name.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="options">The sizes that the file leaves open, and the seed.</param>
    /// <exception cref="GraphException">A size is not known, or an input is no tensor of numbers.</exception>
    public static IReadOnlyDictionary<string, TensorData> Create(ModelGraph graph, TrialOptions options)
    {
        var shapes = Shapes(graph, options);
        return graph.Inputs.ToDictionary(input => input.Name, input => Create(input, shapes[input.Name], options.Seed), StringComparer.Ordinal);
    }

    private static bool IsMask(GraphValue input) => input.Name.Contains("mask", StringComparison.OrdinalIgnoreCase);

    private static void Fill<T>(Span<T> values, Func<T> next)
    {
        foreach (ref T value in values)
        {
            value = next();
        }
    }

    private static ModelCard? CardOf(ModelGraph graph)
    {
        try
        {
            return ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata));
        }
        catch (DataException)
        {
            return null;
        }
    }

    private static void Match(GraphValue input, TrialOptions options, Dictionary<string, long> symbols)
    {
        if (!options.Shapes.TryGetValue(input.Name, out var told))
        {
            return;
        }

        if (told.Any(size => size < 1) || (input.Shape is { } declared && (declared.Count != told.Count || declared.Zip(told).Any(pair => pair.First.Size is { } size && size != pair.Second))))
        {
            throw new GraphException($"The shape [{string.Join(", ", told)}] was given for the input {input}, which it does not fit.");
        }

        foreach (var (size, value) in (input.Shape ?? []).Zip(told).Where(pair => pair.First.Symbol is not null))
        {
            symbols[size.Symbol!] = value;
        }
    }

    private static long[] Settle(GraphValue input, TrialOptions options, Dictionary<string, long> symbols, ModelCard? card)
    {
        if (options.Shapes.TryGetValue(input.Name, out var told))
        {
            return [.. told];
        }

        var shape = input.Shape ?? throw new GraphException($"The file does not tell the shape of the input '{input.Name}'. Give it, for example --shape {input.Name}=1x3x224x224.");
        long[] settled = new long[shape.Count];
        for (int axis = 0; axis < settled.Length; axis++)
        {
            settled[axis] = shape[axis].Size
                ?? (shape[axis].Symbol is { } symbol && symbols.TryGetValue(symbol, out long known) ? known : Usual(axis, shape.Count, options, card))
                ?? throw new GraphException($"The input {input} leaves the size of axis {axis} open, and no card tells it. Give it, for example --shape {input.Name}={Example(shape, options)}.");
        }

        return settled;
    }

    /// <summary>The size of an axis that the file leaves free; null where nothing tells it.</summary>
    private static long? Usual(int axis, int rank, TrialOptions options, ModelCard? card) => (axis, rank) switch
    {
        (0, _) => options.Batch,
        (1, 4) => card?.Input.Channels,
        (2, 4) => options.ImageSize ?? card?.Input.Height,
        (3, 4) => options.ImageSize ?? card?.Input.Width,
        _ => null,
    };

    private static string Example(IReadOnlyList<Dimension> shape, TrialOptions options) =>
        string.Join('x', shape.Select((size, axis) => size.Size ?? (axis, shape.Count) switch { (0, _) => options.Batch, (1, 4) => 3, (_, 4) => 224, _ => 16 }));
}
