using DistillSharp.Execution;
using DistillSharp.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution;

/// <summary>Graphs of several inputs of several types, and unsigned types, which run widened.</summary>
public sealed class NamedInputsTests
{
    [Fact]
    public void Inputs_are_taken_by_name_in_both_modes()
    {
        using var executor = new GraphExecutor(Table());
        using var rows = torch.tensor(new[] { 1f, 2, 3, 4 }, [2, 2], requires_grad: true);
        using var index = torch.tensor(new[] { 1L, 1, 0 });
        var inputs = new Dictionary<string, Tensor> { ["index"] = index, ["rows"] = rows };

        using var evaluated = executor.Evaluate(inputs);
        using var trained = executor.Train(inputs, step: 0);
        using var sum = trained["picked"].sum();
        sum.backward();

        Assert.Equal([3f, 4, 3, 4, 1, 2], evaluated["picked"].data<float>());
        Assert.Equal([1f, 1, 2, 2], rows.grad!.data<float>());
    }

    [Fact]
    public void A_missing_an_unknown_and_a_mistyped_input_are_named()
    {
        using var executor = new GraphExecutor(Table());
        using var rows = ones(2, 2);
        using var index = torch.tensor(new[] { 1L });

        string missing = Assert.Throws<ArgumentException>(() => executor.Evaluate(new Dictionary<string, Tensor> { ["rows"] = rows })).Message;
        string unknown = Assert.Throws<ArgumentException>(() => executor.Evaluate(new Dictionary<string, Tensor> { ["rows"] = rows, ["index"] = index, ["more"] = rows })).Message;
        string mistyped = Assert.Throws<ArgumentException>(() => executor.Evaluate(new Dictionary<string, Tensor> { ["rows"] = rows, ["index"] = rows })).Message;

        Assert.Contains("'index' was not given; the graph's inputs are rows, index", missing, StringComparison.Ordinal);
        Assert.Contains("no input 'more'", unknown, StringComparison.Ordinal);
        Assert.Contains("'index' is Int64, which runs as Int64, but the tensor holds Float32", mistyped, StringComparison.Ordinal);
    }

    [Fact]
    public void Constants_go_in_and_come_out_in_their_declared_types()
    {
        using var executor = new GraphExecutor(Sum(ElementType.UInt16));
        var inputs = new Dictionary<string, TensorData> { ["a"] = TensorData.Create<ushort>([1, 65_000], 2), ["b"] = TensorData.Create<ushort>([2, 535], 2) };

        var sum = executor.Evaluate(inputs)["sum"];

        Assert.Equal(ElementType.UInt16, sum.Type);
        Assert.Equal([3, 65_535], sum.AsSpan<ushort>().ToArray());
    }

    [Fact]
    public void A_number_beyond_its_unsigned_type_is_an_error()
    {
        using var executor = new GraphExecutor(Sum(ElementType.UInt16));
        var inputs = new Dictionary<string, TensorData> { ["a"] = TensorData.Create<ushort>([1, 65_000], 2), ["b"] = TensorData.Create<ushort>([2, 536], 2) };
        string sum = Assert.Throws<GraphException>(() => executor.Evaluate(inputs)).Message;

        using var wide = new GraphExecutor(Sum(ElementType.UInt64));
        var large = new Dictionary<string, TensorData> { ["a"] = TensorData.Create<ulong>([ulong.MaxValue, 0], 2), ["b"] = TensorData.Create<ulong>([0, 0], 2) };
        string input = Assert.Throws<GraphException>(() => wide.Evaluate(large)).Message;

        Assert.Contains("65536 does not fit: UInt16 runs widened to int64, and holds 0 to 65535 here", sum, StringComparison.Ordinal);
        Assert.Contains("18446744073709551615 does not fit", input, StringComparison.Ordinal);
    }

    [Fact]
    public void Constant_nodes_are_constants()
    {
        var graph = new ModelGraph { Name = "constants" };
        graph.Outputs.Add(new("numbers", ElementType.Float32, [2]));
        graph.Outputs.Add(new("shaped", ElementType.Float32, [2, 1]));
        var numbers = new GraphNode("Constant", [], ["numbers"]);
        numbers.Attributes.Add("value_floats", new FloatsValue([1.5f, -2]));
        var shape = new GraphNode("Constant", [], ["shape"]);
        shape.Attributes.Add("value_ints", new IntsValue([2, 1]));
        graph.Nodes.Add(numbers);
        graph.Nodes.Add(shape);
        graph.Nodes.Add(new("Reshape", ["numbers", "shape"], ["shaped"]));
        using var executor = new GraphExecutor(graph);

        var outputs = executor.Evaluate(new Dictionary<string, TensorData>());

        Assert.Equal([1.5f, -2], outputs["numbers"].AsSpan<float>().ToArray());
        Assert.Equal([2L, 1], outputs["shaped"].Shape);
    }

    private static ModelGraph Table()
    {
        var graph = new ModelGraph { Name = "table" };
        graph.Inputs.Add(new("rows", ElementType.Float32, [2, 2]));
        graph.Inputs.Add(new("index", ElementType.Int64, [Dimension.Named("count")]));
        graph.Outputs.Add(new("picked", ElementType.Float32, null));
        graph.Nodes.Add(new("Gather", ["rows", "index"], ["picked"]));
        return graph;
    }

    private static ModelGraph Sum(ElementType type)
    {
        var graph = new ModelGraph { Name = "sum" };
        graph.Inputs.Add(new("a", type, [2]));
        graph.Inputs.Add(new("b", type, [2]));
        graph.Outputs.Add(new("sum", type, [2]));
        graph.Nodes.Add(new("Add", ["a", "b"], ["sum"]));
        return graph;
    }
}
