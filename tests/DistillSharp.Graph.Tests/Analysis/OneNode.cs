using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Tests.Analysis;

/// <summary>A graph of a single node, to ask for the shapes of its outputs.</summary>
internal sealed class OneNode
{
    private readonly ModelGraph _graph = new();
    private readonly GraphNode _node;

    public OneNode(string operation, params string[] inputs)
    {
        _node = new(operation, inputs.Select((_, i) => $"x{i}"), ["y"], "it");
        for (int i = 0; i < inputs.Length; i++)
        {
            _graph.Inputs.Add(new($"x{i}", ElementType.Float32, Parse(inputs[i])));
        }

        _graph.Nodes.Add(_node);
    }

    public OneNode Opset(int version)
    {
        _graph.Opset = version;
        return this;
    }

    public OneNode With(string attribute, params long[] values)
    {
        _node.Attributes[attribute] = new IntsValue(values);
        return this;
    }

    public OneNode With(string attribute, long value)
    {
        _node.Attributes[attribute] = new IntValue(value);
        return this;
    }

    public OneNode With(string attribute, string value)
    {
        _node.Attributes[attribute] = new TextValue(value);
        return this;
    }

    public OneNode With(string attribute, AttributeValue value)
    {
        _node.Attributes[attribute] = value;
        return this;
    }

    /// <summary>Adds an input of constant integers.</summary>
    public OneNode Integers(params long[] values)
    {
        string name = $"x{_node.Inputs.Count}";
        _node.Inputs.Add(name);
        _graph.Add(new(name, TensorData.Create<long>(values, values.Length), trainable: false));
        return this;
    }

    /// <summary>Adds an input of constant floats.</summary>
    public OneNode Floats(params float[] values)
    {
        string name = $"x{_node.Inputs.Count}";
        _node.Inputs.Add(name);
        _graph.Add(new(name, TensorData.Create<float>(values, values.Length), trainable: false));
        return this;
    }

    /// <summary>Leaves an input out.</summary>
    public OneNode Nothing()
    {
        _node.Inputs.Add("");
        return this;
    }

    /// <summary>Gives an input another type than float32.</summary>
    public OneNode Typed(int input, ElementType type)
    {
        _graph.Inputs[input] = _graph.Inputs[input] with { Type = type };
        return this;
    }

    /// <summary>Adds an input that only running the model would tell.</summary>
    public OneNode Computed()
    {
        _node.Inputs.Add("computed");
        return this;
    }

    public OneNode Outputs(int count)
    {
        for (int i = 1; i < count; i++)
        {
            _node.Outputs.Add($"y{i}");
        }

        return this;
    }

    /// <summary>The outputs' shapes as text, <c>2,3|2,1</c>; <c>unknown</c> where nothing is known.</summary>
    public string Infer()
    {
        ShapeInference.Infer(_graph);
        return string.Join("|", _node.Outputs.Select(name => ShapeInference.Find(_graph, name)?.Shape is { } shape ? string.Join(",", shape) : "unknown"));
    }

    /// <summary>The outputs' types and shapes as text, <c>Float32 2,3|Bool 2</c>.</summary>
    public string InferTyped()
    {
        string[] shapes = Infer().Split('|');
        return string.Join("|", _node.Outputs.Select((name, i) => $"{ShapeInference.Find(_graph, name)?.Type.ToString() ?? "-"} {shapes[i]}"));
    }

    /// <summary>The message with which the shapes are refused.</summary>
    public string Refusal() => Assert.Throws<GraphException>(() => Infer()).Message;

    /// <summary>Reads <c>batch,3,?</c>; an empty text is a scalar, a dash an unknown rank.</summary>
    private static Dimension[]? Parse(string shape) => shape switch
    {
        "-" => null,
        "" => [],
        _ => [.. shape.Split(',').Select(part => part == "?" ? Dimension.Unknown : long.TryParse(part, out long size) ? Dimension.Of(size) : Dimension.Named(part))],
    };
}
