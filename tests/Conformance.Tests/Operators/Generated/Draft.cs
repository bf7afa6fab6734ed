using DistillSharp.Graph;
using DistillSharp.Tasks.Data;

namespace Conformance.Tests.Operators.Generated;

/// <summary>A graph of one node that a seed draws: inputs, constants and attributes.</summary>
internal sealed class Draft
{
    private readonly GraphNode _node;
    private SampleRandom _random;

    public Draft(string operation, int opset, int seed)
    {
        _random = new(seed, opset, operation.Sum(letter => letter));
        _node = new(operation, [], [], "the node");
        Graph = new() { Name = "drawn", Opset = opset };
        Graph.Nodes.Add(_node);
    }

    public ModelGraph Graph { get; }

    public Dictionary<string, TensorData> Fed { get; } = new(StringComparer.Ordinal);

    public int Opset => Graph.Opset;

    public int InputCount => _node.Inputs.Count;

    /// <summary>A number from low to high, both included.</summary>
    public int Next(int low, int high) => low + _random.NextInt(high - low + 1);

    public bool Coin() => _random.NextBool(0.5);

    public double Real(double low, double high) => _random.NextDouble(low, high);

    public T Any<T>(params ReadOnlySpan<T> values) => values[_random.NextInt(values.Length)];

    public long[] Shape(int fewest = 1, int most = 5, int largest = 4) => [.. Enumerable.Range(0, Next(fewest, most)).Select(_ => (long)Next(1, largest))];

    /// <summary>A shape that is broadcast to another one: axes left out in front, others of size 1.</summary>
    public long[] Narrower(long[] shape)
    {
        long[] rest = shape[Next(0, shape.Length)..];
        return [.. rest.Select(size => Coin() ? size : 1)];
    }

    /// <summary>An axis of a rank, from the front or from the back.</summary>
    public long Axis(int rank) => Next(0, rank - 1) is var axis && Coin() ? axis : axis - rank;

    /// <summary>Some axes of a rank, each once, in any order.</summary>
    public long[] Axes(int rank, int fewest = 0)
    {
        int[] order = Order(rank);
        return [.. order[..Next(fewest, rank)].Select(axis => Coin() ? (long)axis : axis - rank)];
    }

    public int[] Order(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = Next(0, i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    public Draft Floats(long[] shape, double low = -2, double high = 2) =>
        Feed(TensorData.Create<float>([.. Numbers(shape, _ => (float)Real(low, high))], shape));

    /// <summary>Floats no two of which are near each other, so that the largest of them is no matter of rounding.</summary>
    public Draft Distinct(long[] shape)
    {
        int[] order = Order((int)TensorData.CountOf(shape));
        return Feed(TensorData.Create<float>([.. order.Select(place => (place * 0.37f) - 3)], shape));
    }

    public Draft Integers(long[] shape, int low, int high) => Feed(TensorData.Create<long>([.. Numbers(shape, _ => (long)Next(low, high))], shape));

    public Draft Ints(long[] shape, int low, int high) => Feed(TensorData.Create<int>([.. Numbers(shape, _ => Next(low, high))], shape));

    public Draft Bytes(long[] shape, int low, int high) => Feed(TensorData.Create<byte>([.. Numbers(shape, _ => (byte)Next(low, high))], shape));

    public Draft SignedBytes(long[] shape, int low, int high) => Feed(TensorData.Create<sbyte>([.. Numbers(shape, _ => (sbyte)Next(low, high))], shape));

    public Draft Flags(long[] shape) => Feed(TensorData.Create<bool>([.. Numbers(shape, _ => Coin())], shape));

    public Draft Feed(TensorData data) => Further(data, constant: false);

    /// <summary>Integers that are a constant or, as often, computed: fed from outside.</summary>
    public Draft List(params long[] values) => Further(TensorData.Create<long>(values, values.Length), constant: Coin());

    public Draft Scalar(long value) => Further(TensorData.Create<long>([value]), constant: Coin());

    public Draft Constant(TensorData data) => Further(data, constant: true);

    public Draft LeftOut()
    {
        _node.Inputs.Add("");
        return this;
    }

    public Draft With(string name, long value) => With(name, new IntValue(value));

    public Draft With(string name, params long[] values) => With(name, new IntsValue(values));

    public Draft With(string name, double value) => With(name, new FloatValue((float)value));

    public Draft With(string name, string value) => With(name, new TextValue(value));

    public Draft With(string name, AttributeValue value)
    {
        _node.Attributes[name] = value;
        return this;
    }

    /// <summary>An attribute up to an operator set, an input from it on.</summary>
    public Draft ListSince(int since, string name, params long[] values) => Opset >= since ? List(values) : With(name, values);

    public Draft Outputs(int count, ElementType type = ElementType.Float32)
    {
        for (int i = 0; i < count; i++)
        {
            Also(type);
        }

        return this;
    }

    public Draft Output(ElementType type) => Outputs(1, type);

    /// <summary>A further output after those that are there.</summary>
    public Draft Also(ElementType type)
    {
        string name = $"y{_node.Outputs.Count}";
        _node.Outputs.Add(name);
        Graph.Outputs.Add(new(name, type, null));
        return this;
    }

    private static IEnumerable<T> Numbers<T>(long[] shape, Func<int, T> draw) => Enumerable.Range(0, (int)TensorData.CountOf(shape)).Select(draw);

    private Draft Further(TensorData data, bool constant)
    {
        string name = $"x{_node.Inputs.Count}";
        _node.Inputs.Add(name);
        if (constant)
        {
            Graph.Add(new(name, data, trainable: false));
        }
        else
        {
            // Free sizes: neither side may know a shape before it runs.
            Graph.Inputs.Add(new(name, data.Type, [.. data.Shape.Select((_, axis) => Dimension.Named($"{name}_{axis}"))]));
            Fed.Add(name, data);
        }

        return this;
    }
}
