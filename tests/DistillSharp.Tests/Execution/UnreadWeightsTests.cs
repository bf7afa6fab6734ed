using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit.Wire;

namespace DistillSharp.Tests.Execution;

/// <summary>Weights that a file holds and this library does not look into: the session runs them, the executor refuses what needs them.</summary>
public sealed class UnreadWeightsTests
{
    [Fact]
    public void A_node_that_needs_a_weight_of_text_is_refused_by_name()
    {
        var error = Assert.Throws<OperatorNotCoveredException>(() => new GraphExecutor(Texts()));

        Assert.Equal("The executor cannot train Add 'sum': its input 'w' is no tensor of numbers that is read here, or is made by nothing. The file can still be a teacher: ONNX Runtime runs it.", error.Message);
    }

    [Fact]
    public void What_does_not_depend_on_it_is_trained()
    {
        using var executor = new GraphExecutor(Texts(), new() { Wanted = ["r"] });

        Assert.Equal(["x"], executor.InputNames);
    }

    [Fact]
    public void A_constant_of_two_values_is_refused_by_name()
    {
        var graph = new ModelGraph { Name = "odd" };
        var node = new GraphNode("Constant", [], ["y"], "odd");
        node.Attributes["value_int"] = new IntValue(1);
        node.Attributes["value_float"] = new FloatValue(1);
        graph.Nodes.Add(node);
        graph.Outputs.Add(new("y", ElementType.Float32, []));

        Assert.Contains("Constant 'odd'", Assert.Throws<OperatorNotCoveredException>(() => new GraphExecutor(graph)).Message, StringComparison.Ordinal);
    }

    /// <summary>y = Relu(x) + w, w being text.</summary>
    private static ModelGraph Texts()
    {
        var graph = new ModelGraph { Name = "texts" };
        graph.Inputs.Add(new("x", ElementType.Float32, [1]));
        graph.Add(new("w", TensorData.Create<float>([1], 1), trainable: false));
        graph.Nodes.Add(new("Relu", ["x"], ["r"], "rectifier"));
        graph.Nodes.Add(new("Add", ["r", "w"], ["y"], "sum"));
        graph.Outputs.Add(new("y", ElementType.Float32, [1]));
        var message = WireMessage.Read(OnnxFile.Serialize(graph))!;
        var tensor = message.In(7).In(5);
        tensor.Fields.RemoveAll(field => field.Number == 9);
        tensor.All(2).Single().Value = (ulong)ElementType.Text;
        tensor.Fields.Add(new() { Number = 6, Kind = 2, Bytes = [.. "the"u8] });
        return OnnxFile.Load(message.ToBytes());
    }
}
