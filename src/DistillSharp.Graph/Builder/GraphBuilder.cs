using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Builder;

/// <summary>
/// Writes a model as a graph. Every module's output value is named by its module path (<c>layer1.0.conv1</c>), every weight
/// as PyTorch names it (<c>layer1.0.conv1.weight</c>), so taps and checkpoints need no table.
/// </summary>
/// <param name="name">The model's name.</param>
public sealed partial class GraphBuilder(string name)
{
    /// <summary>The name of the batch dimension.</summary>
    public const string BatchSymbol = "batch";

    private readonly ModelGraph _graph = new() { Name = name };
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    /// <summary>Knows the shapes so far, and the integers that nodes compute of them.</summary>
    private ShapeWalk Walk => field ??= new(_graph);

    /// <summary>Adds the pictures' input, <c>[batch, C, H, W]</c>.</summary>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <returns>The input's name.</returns>
    public string Input(int channels, int height, int width) => Input("input", Dimension.Named(BatchSymbol), channels, height, width);

    /// <summary>Adds an input of floats.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its dimensions, the batch first.</param>
    /// <returns>The input's name.</returns>
    public string Input(string name, params IReadOnlyList<Dimension> shape)
    {
        Claim(name);
        _graph.Inputs.Add(new(name, ElementType.Float32, shape));
        return name;
    }

    /// <summary>Marks a value as the model's output and gives the graph.</summary>
    /// <param name="value">The value; it is renamed to <c>logits</c>.</param>
    public ModelGraph Build(string value)
    {
        var node = _graph.Nodes.Single(node => node.Outputs.Contains(value));
        Claim("logits");
        node.Outputs[node.Outputs.IndexOf(value)] = "logits";
        _graph.KnownValues.Remove(value, out var known);
        _graph.Outputs.Add(known! with { Name = "logits" });
        return _graph;
    }

    /// <summary>Marks values as the model's outputs, under the names they have, and gives the graph.</summary>
    /// <param name="outputs">The values, in order, with the dimensions the file declares.</param>
    /// <exception cref="GraphException">There is no such value.</exception>
    public ModelGraph Build(params IReadOnlyList<GraphValue> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        foreach (var output in outputs)
        {
            if (!_graph.KnownValues.Remove(output.Name))
            {
                throw new GraphException($"The model '{_graph.Name}' makes no value '{output.Name}' that could be its output.");
            }

            _graph.Outputs.Add(output);
        }

        return _graph;
    }

    /// <summary>The dimensions of a value.</summary>
    /// <param name="value">The value's name.</param>
    public IReadOnlyList<Dimension> ShapeOf(string value) =>
        ShapeInference.Find(_graph, value)?.Shape ?? throw new GraphException($"Nothing is known of the value '{value}'.");

    /// <summary>The number of channels (or features) of a value.</summary>
    /// <param name="value">The value's name.</param>
    public int ChannelsOf(string value) => (int)ShapeOf(value)[1].Size!.Value;

    /// <summary>Adds a node of one output: any operator that the builder has no method for.</summary>
    /// <param name="operation">The ONNX operator.</param>
    /// <param name="path">The output's name.</param>
    /// <param name="inputs">The inputs; an empty name leaves an optional one out.</param>
    /// <param name="attributes">The attributes.</param>
    /// <returns>The output's name.</returns>
    public string Node(string operation, string path, IEnumerable<string> inputs, params ReadOnlySpan<(string Name, AttributeValue Value)> attributes)
    {
        Claim(path);
        var node = new GraphNode(operation, inputs, [path], path);
        foreach (var (key, value) in attributes)
        {
            node.Attributes.Add(key, value);
        }

        _graph.Nodes.Add(node);
        Walk.Visit(node);
        return path;
    }

    /// <summary>Notes that a path is taken.</summary>
    private void Claim(string path)
    {
        if (!_paths.Add(path))
        {
            throw new GraphException($"The module path '{path}' is used twice in the model '{_graph.Name}'. Every module needs a path of its own: taps, checkpoints and messages go by it.");
        }
    }

    /// <summary>Adds a trained weight.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="initialization">How it is drawn.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>Its name.</returns>
    public string Weight(string path, Initialization initialization, params ReadOnlySpan<long> shape)
    {
        _graph.Add(new(path, Zeros(shape), trainable: true) { Initialization = initialization });
        return path;
    }

    private string Statistic(string path, double start, params ReadOnlySpan<long> shape)
    {
        var data = Zeros(shape);
        data.AsSpan<float>().Fill((float)start);
        _graph.Add(new(path, data, trainable: false) { Initialization = Initialization.Constant(start) });
        return path;
    }

    /// <summary>Adds a constant that is never trained nor drawn, unless it is there.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="data">Its value.</param>
    /// <returns>Its name.</returns>
    public string Constant(string path, TensorData data)
    {
        if (_graph.FindInitializer(path) is null)
        {
            _graph.Add(new(path, data, trainable: false));
        }

        return path;
    }

    private static TensorData Zeros(ReadOnlySpan<long> shape) =>
        new(ElementType.Float32, shape, new byte[TensorData.CountOf(shape) * sizeof(float)]);
}
