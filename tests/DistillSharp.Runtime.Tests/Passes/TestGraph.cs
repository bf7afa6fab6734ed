using DistillSharp.Graph;

namespace DistillSharp.Runtime.Tests.Passes;

/// <summary>Writes small graphs node by node; weights are drawn from the builder's own seed.</summary>
internal sealed class TestGraph
{
    private readonly Random _random;

    public TestGraph(int opset = 17, int seed = 7)
    {
        _random = new(seed);
        Graph = new() { Name = "test", Opset = opset };
    }

    public ModelGraph Graph { get; }

    public TestGraph Input(string name, params Dimension[] shape) => Input(name, ElementType.Float32, shape);

    public TestGraph Input(string name, ElementType type, params Dimension[] shape)
    {
        Graph.Inputs.Add(new(name, type, shape));
        return this;
    }

    public TestGraph Output(string name, ElementType type = ElementType.Float32, params Dimension[]? shape)
    {
        Graph.Outputs.Add(new(name, type, shape is [] ? null : shape));
        return this;
    }

    public TestGraph Node(string operation, string[] inputs, string[] outputs, params (string Name, AttributeValue Value)[] attributes)
    {
        var node = new GraphNode(operation, inputs, outputs, "make_" + outputs[0]);
        foreach (var (name, value) in attributes)
        {
            node.Attributes.Add(name, value);
        }

        Graph.Nodes.Add(node);
        return this;
    }

    public TestGraph Weight(string name, params long[] shape) => Constant(name, PassAssert.Random(ElementType.Float32, shape, _random));

    public TestGraph Constant(string name, TensorData data)
    {
        Graph.Add(new(name, data, trainable: data.Type == ElementType.Float32));
        return this;
    }

    public TestGraph Longs(string name, params long[] values) => Constant(name, TensorData.Create<long>(values, values.Length));

    /// <summary>A normalisation with statistics of its own.</summary>
    public TestGraph BatchNorm(string x, string y, int channels, params (string Name, AttributeValue Value)[] attributes)
    {
        foreach (string part in new[] { "weight", "bias", "running_mean" })
        {
            Weight($"{y}.{part}", channels);
        }

        Constant($"{y}.running_var", PassAssert.Random(ElementType.Float32, [channels], _random, 0.5, 2));
        return Node("BatchNormalization", [x, $"{y}.weight", $"{y}.bias", $"{y}.running_mean", $"{y}.running_var"], [y], attributes);
    }
}
