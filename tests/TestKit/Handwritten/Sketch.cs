using DistillSharp.Graph;

namespace DistillSharp.TestKit.Handwritten;

/// <summary>Writes small graphs node by node, as strangers' exporters write them; weights are drawn from a seed.</summary>
/// <param name="opset">The operator set.</param>
public sealed class Sketch(int opset = 17)
{
    private readonly Random _random = new(5);

    /// <summary>The graph so far.</summary>
    public ModelGraph Graph { get; } = new() { Name = "sketch", Opset = opset };

    /// <summary>Adds an input of floats.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape.</param>
    public Sketch Input(string name, params Dimension[] shape) => Input(name, ElementType.Float32, shape);

    /// <summary>Adds an input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="shape">Its shape.</param>
    public Sketch Input(string name, ElementType type, params Dimension[] shape)
    {
        Graph.Inputs.Add(new(name, type, shape));
        return this;
    }

    /// <summary>Adds an output of floats.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape; none if it is not told.</param>
    public Sketch Output(string name, params Dimension[] shape) => Output(name, ElementType.Float32, shape);

    /// <summary>Adds an output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="shape">Its shape; none if it is not told.</param>
    public Sketch Output(string name, ElementType type, params Dimension[] shape)
    {
        Graph.Outputs.Add(new(name, type, shape is [] ? null : shape));
        return this;
    }

    /// <summary>Adds a trainable weight whose elements keep the size of what they are multiplied with.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape.</param>
    public Sketch Weight(string name, params long[] shape)
    {
        double width = 1 / Math.Sqrt(shape.Length > 1 ? TensorData.CountOf(shape) / shape[0] : 1);
        float[] values = new float[TensorData.CountOf(shape)];
        foreach (ref float value in values.AsSpan())
        {
            value = (float)(((2 * _random.NextDouble()) - 1) * width);
        }

        return Constant(name, TensorData.Create<float>(values, shape), trainable: true);
    }

    /// <summary>Adds a constant.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="data">Its elements.</param>
    /// <param name="trainable">Whether it is a weight.</param>
    public Sketch Constant(string name, TensorData data, bool trainable = false)
    {
        Graph.Add(new(name, data, trainable));
        return this;
    }

    /// <summary>Adds a constant of whole numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Its elements.</param>
    public Sketch Longs(string name, params long[] values) => Constant(name, TensorData.Create<long>(values, values.Length));

    /// <summary>Adds a constant of floats of one shape.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its elements.</param>
    public Sketch Floats(string name, long[] shape, params float[] values) => Constant(name, TensorData.Create<float>(values, shape));

    /// <summary>Adds a node named after its first output.</summary>
    /// <param name="operation">Its operator.</param>
    /// <param name="inputs">Its inputs, with commas between.</param>
    /// <param name="outputs">Its outputs, with commas between.</param>
    /// <param name="attributes">Its attributes.</param>
    public Sketch Node(string operation, string inputs, string outputs, params (string Name, AttributeValue Value)[] attributes)
    {
        var node = new GraphNode(operation, inputs.Split(','), outputs.Split(','), "make_" + outputs.Split(',')[0]);
        foreach (var (name, value) in attributes)
        {
            node.Attributes.Add(name, value);
        }

        Graph.Nodes.Add(node);
        return this;
    }
}
