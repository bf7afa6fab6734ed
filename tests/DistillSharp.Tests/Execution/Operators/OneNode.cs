using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;
using DistillSharp.TestKit.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution.Operators;

/// <summary>A graph of one node over one input, and what it is held against: the session, and central differences.</summary>
internal sealed class OneNode
{
    private readonly ModelGraph _graph = new() { Name = "one" };
    private readonly GraphNode _node;

    public OneNode(string operation, params ReadOnlySpan<long> input)
    {
        long[] shape = input.ToArray();
        _graph.Inputs.Add(new("x", ElementType.Float32, [.. shape.Select(Dimension.Of)]));
        _node = new(operation, ["x"], ["y0"], "the node");
        _graph.Nodes.Add(_node);
        _graph.Outputs.Add(new("y0", ElementType.Float32, null));
    }

    public ModelGraph Graph => _graph;

    public OneNode Ints(string name, params long[] values) => With(name, new IntsValue(values));

    public OneNode Int(string name, long value) => With(name, new IntValue(value));

    public OneNode Float(string name, float value) => With(name, new FloatValue(value));

    public OneNode Text(string name, string value) => With(name, new TextValue(value));

    /// <summary>A trainable input of normal numbers.</summary>
    public OneNode Weight(params long[] shape) => Further(TensorData.Create<float>(Normals(TensorData.CountOf(shape), _node.Inputs.Count), shape), trainable: true);

    /// <summary>A frozen input of numbers above 0.5: a variance, a divisor.</summary>
    public OneNode Positive(params long[] shape) =>
        Further(TensorData.Create<float>([.. Normals(TensorData.CountOf(shape), _node.Inputs.Count).Select(value => 0.5f + Math.Abs(value))], shape), trainable: false);

    public OneNode Constant(params long[] values) => Further(TensorData.Create<long>(values, values.Length), trainable: false);

    public OneNode Scalar(float value) => Further(TensorData.Create<float>([value]), trainable: false);

    public OneNode Flag(bool value) => Further(TensorData.Create<bool>([value]), trainable: false);

    public OneNode Floats(string name, params float[] values) => With(name, new FloatsValue(values));

    public OneNode Numbers(params float[] values) => Further(TensorData.Create<float>(values, values.Length), trainable: false);

    public OneNode LeftOut()
    {
        _node.Inputs.Add("");
        return this;
    }

    public OneNode Again()
    {
        _node.Inputs.Add("x");
        return this;
    }

    public OneNode WeightFirst(params long[] shape)
    {
        Weight(shape);
        (_node.Inputs[0], _node.Inputs[1]) = (_node.Inputs[1], _node.Inputs[0]);
        return this;
    }

    public OneNode Outputs(int count)
    {
        for (int i = _node.Outputs.Count; i < count; i++)
        {
            _node.Outputs.Add($"y{i}");
            _graph.Outputs.Add(new($"y{i}", ElementType.Float32, null));
        }

        return this;
    }

    public OneNode Opset(int opset)
    {
        _graph.Opset = opset;
        return this;
    }

    /// <summary>Runs the executor in evaluation mode and ONNX Runtime on one input, and compares shapes and numbers of every output.</summary>
    public void AgreesWithTheSession(double tolerance = 1e-5)
    {
        long[] shape = [.. _graph.Inputs[0].Shape!.Select(dimension => dimension.Size!.Value)];
        float[] input = Normals(TensorData.CountOf(shape), stream: 99);
        using var session = ModelSession.Open(OnnxFile.Serialize(_graph), new() { Threads = 1 });
        using var executor = new GraphExecutor(_graph);
        using var x = torch.tensor(input, shape);
        using var outputs = executor.Evaluate(x);
        foreach (var output in _graph.Outputs)
        {
            var (expected, expectedShape) = session.Run(input, shape, output.Name);
            using var whole = outputs[output.Name].contiguous();
            Assert.Equal(expectedShape, whole.shape);
            double error = CentralDifferences.RelativeError([.. whole.data<float>().Select(value => (double)value)], [.. expected.Select(value => (double)value)]);
            Assert.True(error <= tolerance, $"{_node} differs from the session by {error}");
        }
    }

    /// <summary>Compares the gradients of the input and of every weight, in training mode and float64, with central differences.</summary>
    public void GradientsAgreeWithDifferences()
    {
        using var executor = new GraphExecutor(_graph, new() { Precision = ElementType.Float64 });
        long[] shape = [.. _graph.Inputs[0].Shape!.Select(dimension => dimension.Size!.Value)];
        using var input = torch.tensor(Array.ConvertAll(Normals(TensorData.CountOf(shape), stream: 99), value => (double)value), shape);
        using var leaf = input.clone().requires_grad_();
        using var generator = new Generator(5);
        using var outputs = executor.Train(leaf, step: 0);
        using var factors = randn(outputs["y0"].shape, ScalarType.Float64, generator: generator);
        using var loss = Weighted(outputs["y0"], factors);
        loss.backward();

        double Value()
        {
            using var guard = no_grad();
            using var again = executor.Train(input, step: 0);
            using var value = Weighted(again["y0"], factors);
            return value.ToDouble();
        }

        Compare("the input", leaf.grad!, CentralDifferences.Of(input, Value));
        if (executor.Weights.Parameters.Count > 0)
        {
            Compare("the weights", executor.Gradients, CentralDifferences.Of(executor.Weights.Values, Value));
        }
    }

    private static void Compare(string what, Tensor gradient, double[] expected)
    {
        using var whole = gradient.contiguous();
        double error = CentralDifferences.RelativeError([.. whole.data<double>()], expected);
        Assert.True(error <= 1e-6, $"the gradient of {what} differs from central differences by {error}");
    }

    private static Tensor Weighted(Tensor values, Tensor factors)
    {
        using var product = values.mul(factors);
        return product.sum();
    }

    private static float[] Normals(long count, int stream)
    {
        var random = new SampleRandom(17, 0, stream);
        float[] values = new float[count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextNormal();
        }

        return values;
    }

    private OneNode With(string name, AttributeValue value)
    {
        _node.Attributes.Add(name, value);
        return this;
    }

    private OneNode Further(TensorData data, bool trainable)
    {
        string name = $"c{_node.Inputs.Count}";
        _graph.Add(new(name, data, trainable));
        _node.Inputs.Add(name);
        return this;
    }
}
