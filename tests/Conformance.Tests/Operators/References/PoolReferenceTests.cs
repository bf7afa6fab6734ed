using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Tasks.Data;

namespace Conformance.Tests.Operators.References;

/// <summary>Poolings with what ONNX Runtime lacks or counts otherwise: rounded-up averages, columns first, dilated powers.</summary>
public sealed class PoolReferenceTests
{
    private const int Seeds = 120;

    public static TheoryData<string, ElementType> Kinds => new()
    {
        { "MaxPool", ElementType.Float64 },
        { "MaxPool", ElementType.UInt8 },
        { "MaxPool", ElementType.Int8 },
        { "AveragePool", ElementType.Float64 },
        { "LpPool", ElementType.Float64 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_definition_gives_the_same(string operation, ElementType type)
    {
        var wrong = new List<string>();
        for (int seed = 0; seed < Seeds; seed++)
        {
            wrong.AddRange(Case(operation, type, new SampleRandom(seed, 3, operation.Length)).Select(difference => $"seed {seed}: {difference}"));
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {Seeds}:\n{string.Join('\n', wrong.Take(10))}");
    }

    private static IEnumerable<string> Case(string operation, ElementType type, SampleRandom random)
    {
        int rank = 1 + random.NextInt(3);
        long[] Each(int low, int high) => [.. Enumerable.Range(0, rank).Select(_ => (long)(low + random.NextInt(high - low + 1)))];
        long[] sizes = Each(5, 7), kernel = Each(1, 3), strides = Each(1, 3), dilations = random.NextBool(0.5) ? Each(1, 2) : Each(1, 1), begin = [.. Each(0, 1).Zip(kernel, (pad, size) => Math.Min(pad, size - 1))], end = [.. Each(0, 1).Zip(kernel, (pad, size) => Math.Min(pad, size - 1))];
        bool ceil = random.NextBool(0.5), countsPadding = random.NextBool(0.5), columns = random.NextBool(0.5);
        long power = 1 + random.NextInt(3), planes = 2;
        var pool = new PoolReference(kernel, strides, dilations, begin, end, ceil);
        int count = (int)sizes.Aggregate(planes, (product, size) => product * size);
        double[] x = [.. Enumerable.Range(0, count).Select(_ => type == ElementType.Float64 ? random.NextNormal() : type == ElementType.UInt8 ? random.NextInt(256) : random.NextInt(256) - 128)];

        var node = new GraphNode(operation, ["x"], ["y"], "the node");
        foreach (var (name, values) in new[] { ("kernel_shape", kernel), ("strides", strides), ("dilations", dilations), ("pads", [.. begin, .. end]) })
        {
            node.Attributes[name] = new IntsValue(values);
        }

        node.Attributes["ceil_mode"] = new IntValue(ceil ? 1 : 0);
        var graph = new ModelGraph { Name = "one", Opset = 19 };
        graph.Nodes.Add(node);
        graph.Inputs.Add(new("x", type, [1, planes, .. sizes.Select(Dimension.Of)]));
        graph.Outputs.Add(new("y", type, null));
        var expected = new Dictionary<string, TensorData>();
        var windows = pool.Windows(sizes).ToList();
        long plane = count / planes;
        long[] shape = [1, planes, .. pool.Counts(sizes)];
        IEnumerable<double> Of(Func<double[], IReadOnlyList<long>, double> one) =>
            Enumerable.Range(0, (int)planes).SelectMany(p => windows.Select(window => one(x[(int)(p * plane)..(int)((p + 1) * plane)], window)));
        switch (operation)
        {
            case "AveragePool":
                node.Attributes["count_include_pad"] = new IntValue(countsPadding ? 1 : 0);
                expected["y"] = TensorData.Create<double>([.. Of((v, window) => window.Where(at => at >= 0).Sum(at => v[at]) / window.Count(at => countsPadding || at >= 0))], shape);
                break;
            case "LpPool":
                node.Attributes["p"] = new IntValue(power);
                expected["y"] = TensorData.Create<double>([.. Of((v, window) => Math.Pow(window.Where(at => at >= 0).Sum(at => Math.Pow(Math.Abs(v[at]), power)), 1.0 / power))], shape);
                break;
            default:
                node.Attributes["storage_order"] = new IntValue(columns ? 1 : 0);
                node.Outputs.Add("places");
                graph.Outputs.Add(new("places", ElementType.Int64, null));
                double[] largest = [.. Of((v, window) => window.Where(at => at >= 0).Max(at => v[at]))];
                expected["y"] = type switch
                {
                    ElementType.UInt8 => TensorData.Create<byte>([.. largest.Select(value => (byte)value)], shape),
                    ElementType.Int8 => TensorData.Create<sbyte>([.. largest.Select(value => (sbyte)value)], shape),
                    _ => TensorData.Create<double>(largest, shape),
                };
                expected["places"] = TensorData.Create<long>([.. Enumerable.Range(0, (int)planes).SelectMany(p => windows.Select(window =>
                {
                    long first = window.Where(at => at >= 0).MaxBy(at => x[(p * plane) + at]);
                    return (p * plane) + (columns ? PoolReference.ByColumns(first, sizes) : first);
                }))], shape);
                break;
        }

        var input = type switch
        {
            ElementType.UInt8 => TensorData.Create<byte>([.. x.Select(value => (byte)value)], [1, planes, .. sizes]),
            ElementType.Int8 => TensorData.Create<sbyte>([.. x.Select(value => (sbyte)value)], [1, planes, .. sizes]),
            _ => TensorData.Create<double>(x, [1, planes, .. sizes]),
        };
        using var executor = new GraphExecutor(graph, new() { Precision = ElementType.Float64 });
        var actual = executor.Evaluate(new Dictionary<string, TensorData> { ["x"] = input });
        ShapeInference.Infer(graph);
        string told = string.Join(", ", ShapeInference.Find(graph, "y")!.Shape!);
        string what = $"[{string.Join(", ", sizes)}] kernel [{string.Join(", ", kernel)}] strides [{string.Join(", ", strides)}] dilations [{string.Join(", ", dilations)}] pads [{string.Join(", ", begin)}; {string.Join(", ", end)}] ceil={ceil} power={power} columns={columns} counts={countsPadding}";
        return
        [
            .. expected.Select(output => Numbers.Difference(actual[output.Key], output.Value, 1e-9, 1e-9)).Append(told == string.Join(", ", shape) ? null : $"the shape [{told}] was told").OfType<string>().Select(difference => $"{what}: {difference}"),
        ];
    }
}
