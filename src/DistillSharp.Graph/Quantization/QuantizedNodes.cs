using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Quantization;

/// <summary>Writes the nodes of a quantised graph, in order.</summary>
internal sealed class QuantizedNodes
{
    private readonly ModelGraph _graph;
    private readonly QuantizationPlan _plan;
    private readonly QuantizationOptions _options;
    private readonly IReadOnlyDictionary<string, QuantizationParameters> _parameters;
    private readonly Dictionary<string, QuantizedValue> _values;
    private readonly Dictionary<string, string> _dequantized = new(StringComparer.Ordinal), _weights = new(StringComparer.Ordinal);
    private readonly GraphUses _uses;
    private readonly ConstantPool _pool;

    public QuantizedNodes(ModelGraph graph, QuantizationPlan plan, QuantizationOptions options, IReadOnlyDictionary<string, QuantizationParameters> parameters)
    {
        (_graph, _plan, _options, _parameters) = (graph, plan, options, parameters);
        _uses = new(graph);
        _values = plan.Values.ToDictionary(value => value.Name, StringComparer.Ordinal);
        _pool = new(graph);
    }

    public List<GraphNode> Nodes { get; } = [];

    /// <summary>Inputs of nodes that were dropped, which perhaps nothing reads any more.</summary>
    public List<string> Dropped { get; } = [];

    /// <summary>Quantises what is made in float: an input, or what a float node makes. Float readers go on reading the value itself.</summary>
    public void QuantizeFloat(string name)
    {
        if (_values.ContainsKey(name))
        {
            _dequantized[name] = Pair(name, _parameters[name], _pool.Fresh("d"));
        }
    }

    public void Write(GraphNode node)
    {
        if (!_plan.NodeSet.Contains(node))
        {
            Nodes.Add(node);
            foreach (string name in node.Outputs)
            {
                QuantizeFloat(name);
            }

            return;
        }

        if (_values.GetValueOrDefault(node.Outputs[0]) is { } value && ReferenceEquals(value.Rectifier, node) && IsDoneByRange(value))
        {
            // Only the integers' range cuts now, which runtimes fuse into the node before.
            Pair(_dequantized.GetValueOrDefault(node.Inputs[0], node.Inputs[0]), _parameters[value.Name], value.Name);
            Dropped.AddRange(node.Inputs);
            return;
        }

        foreach (int i in OperatorRoles.DataInputs(node).ToList())
        {
            ReadQuantized(node, i);
        }

        if (OperatorRoles.Of(_graph, node) == OperatorRole.Weighted)
        {
            QuantizeWeight(node);
        }

        Nodes.Add(node);
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            if (_values.ContainsKey(node.Outputs[i]))
            {
                string name = node.Outputs[i];
                node.Outputs[i] = _pool.Fresh("f");
                Pair(node.Outputs[i], _parameters[name], name);
            }
        }
    }

    private bool IsDoneByRange(QuantizedValue value)
    {
        var parameters = _parameters[value.Name];
        var (low, high) = OperatorRoles.Bounds(_graph, value.Rectifier!)!.Value;
        double half = parameters.Scale / 2;
        return parameters.Low >= low - half && parameters.High <= high + half;
    }

    private void ReadQuantized(GraphNode node, int index)
    {
        string name = node.Inputs[index];
        if (_dequantized.TryGetValue(name, out string? read))
        {
            node.Inputs[index] = read;
        }
        else if (_graph.FindInitializer(name) is { Data.Type: ElementType.Float32 } constant && OperatorRoles.Of(_graph, node) != OperatorRole.Weighted)
        {
            float[] numbers = constant.Data.AsSpan<float>().ToArray();
            RequireFinite(constant, node);
            var range = new QuantizationRange(numbers.DefaultIfEmpty(0).Min(), numbers.DefaultIfEmpty(0).Max());
            var parameters = QuantizationParameters.Of(range, _options.Scheme.Activations, _options.SymmetricActivations);
            node.Inputs[index] = _dequantized[name] = Pair(name, parameters, _pool.Fresh("d"));
        }
    }

    private void QuantizeWeight(GraphNode node)
    {
        var weight = _graph.FindInitializer(node.Inputs[1])!;
        RequireFinite(weight, node);
        var scheme = _options.Scheme;
        int axis = _options.PerChannel ? WeightedLayer.Axis(node) : -1;
        float[] scales = WeightScales.Of(weight.Data.AsSpan<float>(), weight.Data.Shape, axis, scheme.WeightSteps);
        if (node.Operation != "MatMul" && _graph.FindInitializer(node.InputOrNull(2)) is { } bias)
        {
            RequireFinite(bias, node);
            scales = WeightScales.FitBias(scales, bias.Data.AsSpan<float>(), InputScale(node));
        }

        string scale = _pool.Scales(scales), key = $"{weight.Name}\n{scale}\n{axis}";
        if (!_weights.TryGetValue(key, out string? dequantized))
        {
            dequantized = _weights[key] = Pair(weight.Name, scale, _pool.Zero(scheme.Weights, scheme.WeightZero, scales.Length), axis, _pool.Fresh("d"));
        }

        node.Inputs[1] = dequantized;
    }

    /// <summary>The scale of what the layer reads: its name may already be the dequantised one.</summary>
    private float InputScale(GraphNode node) =>
        _parameters.TryGetValue(node.Inputs[0], out var direct) ? direct.Scale : _parameters[_dequantized.First(pair => pair.Value == node.Inputs[0]).Key].Scale;

    private static void RequireFinite(Initializer constant, GraphNode node)
    {
        foreach (float number in constant.Data.AsSpan<float>())
        {
            if (!float.IsFinite(number))
            {
                throw new GraphException($"'{constant.Name}' of {node} holds {number}, which no integer stands for. The training diverged, or the file is damaged.");
            }
        }
    }

    private string Pair(string value, QuantizationParameters parameters, string result) =>
        Pair(value, _pool.Scale(parameters.Scale), _pool.Zero(parameters.Type, parameters.ZeroPoint, 1), -1, result);

    private string Pair(string value, string scale, string zero, int axis, string result)
    {
        string integers = _pool.Fresh("q");
        var quantize = new GraphNode("QuantizeLinear", [value, scale, zero], [integers]);
        var dequantize = new GraphNode("DequantizeLinear", [integers, scale, zero], [result]);
        if (axis >= 0 && axis != 1)
        {
            quantize.Attributes["axis"] = new IntValue(axis);
            dequantize.Attributes["axis"] = new IntValue(axis);
        }

        Nodes.Add(quantize);
        Nodes.Add(dequantize);
        _graph.KnownValues.Remove(value == result ? "" : value);
        return result;
    }
}
