using DistillSharp.Graph.Format;
using Google.Protobuf;
using static DistillSharp.Graph.Tests.Format.ForeignModel;

namespace DistillSharp.Graph.Tests.Format;

/// <summary>Files that are well-formed messages but no well-formed graphs.</summary>
public sealed class GraphReaderTests
{
    [Fact]
    public void Nodes_out_of_order_are_sorted()
    {
        var graph = Create(Node("Relu", ["b"], "y"), Node("Neg", ["x"], "a"), Node("Abs", ["a"], "b")).Load();

        Assert.Equal(["Neg", "Abs", "Relu"], graph.Nodes.Select(node => node.Operation));
    }

    [Fact]
    public void Nodes_in_order_stay_as_they_are()
    {
        var graph = Create(Node("Neg", ["x"], "a"), Node("Abs", ["x"], "b"), Node("Add", ["a", "b"], "y")).Load();

        Assert.Equal(["Neg", "Abs", "Add"], graph.Nodes.Select(node => node.Operation));
    }

    [Fact]
    public void A_cycle_is_refused_by_a_node_on_it()
    {
        string message = Create(Node("Neg", ["x"], "c"), Node("Add", ["a", "c"], "b"), Node("Relu", ["b"], "a"), Node("Abs", ["b"], "y")).Refusal();

        Assert.Contains("cycle through Add 'add_of_b'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_nothing_makes_is_refused_by_node_and_value() =>
        Assert.Equal("Add 'add_of_y' reads 'bias', which nothing makes.", Create(Node("Add", ["x", "bias"], "y")).Refusal());

    [Fact]
    public void An_output_that_no_node_makes_is_refused() => Assert.Equal("the output 'y' is made by no node.", Create(Node("Relu", ["x"], "other")).Refusal());

    [Fact]
    public void A_value_made_twice_is_refused() => Assert.Equal("the value 'y' is made by two nodes.", Create(Node("Relu", ["x"], "y"), Node("Neg", ["x"], "y")).Refusal());

    [Fact]
    public void A_value_that_hides_an_input_is_refused() => Assert.Contains("'x'", Create(Node("Relu", ["x"], "x"), Node("Neg", ["x"], "y")).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void A_value_that_hides_a_weight_is_refused() => Assert.Contains("'w'", Create(Node("Relu", ["x"], "w"), Node("Neg", ["w"], "y")).With(Floats("w", 1)).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void An_input_listed_twice_is_refused()
    {
        var model = Create(Node("Relu", ["x"], "y"));
        model.Graph.Input.Add(Value("x", 2, 3));

        Assert.Contains("'x'", model.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_initialiser_listed_twice_is_refused() => Assert.Contains("'w'", Create(Node("Add", ["x", "w"], "y")).With(Floats("w", 1), Floats("w", 1)).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void An_initialiser_without_a_name_is_refused() => Assert.Contains("no name", Create(Node("Relu", ["x"], "y")).With(Floats("", 1)).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void A_node_without_an_operator_is_refused()
    {
        var node = Node("Relu", ["x"], "y");
        node.OpType = "";

        Assert.Equal("the node 'relu_of_y' names no operator.", Create(node).Refusal());
    }

    [Fact]
    public void Metadata_of_a_weight_listed_twice_is_no_reason_to_stop()
    {
        var tensor = Floats("w", 1);
        tensor.MetadataProps.Add(new StringStringEntryProto { Key = "note", Value = "a" });
        tensor.MetadataProps.Add(new StringStringEntryProto { Key = "note", Value = "b" });

        Assert.NotNull(Create(Node("Add", ["x", "w"], "y")).With(tensor).Load().FindInitializer("w"));
    }

    [Fact]
    public void A_tensor_attribute_that_holds_no_tensor_is_kept_as_it_is()
    {
        var graph = Create(Node("Constant", [], "y").With(new() { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor })).Load();

        Assert.Equal("tensor", Assert.IsType<OpaqueValue>(graph.Nodes[0].Attributes["value"]).Kind);
    }

    [Fact]
    public void A_file_in_the_worst_order_costs_no_more_than_twice_one_of_half_its_length()
    {
        Reversed(100);
        double small = Cost(() => Reversed(2000)), large = Cost(() => Reversed(8000));

        Assert.InRange(large / small, 3, 6);

        static double Cost(Action work)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void A_chain_longer_than_the_stack_is_sorted()
    {
        var nodes = Reversed(100_000).Nodes;

        Assert.Equal("v1", nodes[0].Outputs[0]);
        Assert.All(Enumerable.Range(1, nodes.Count - 1), i => Assert.Equal(nodes[i - 1].Outputs[0], nodes[i].Inputs[0]));
    }

    [Fact]
    public void What_a_subgraph_reads_goes_before_its_node()
    {
        var branch = new GraphProto { Name = "then" };
        branch.Node.Add(Node("Identity", ["late"], "inner"));
        branch.Output.Add(Value("inner"));
        var node = Node("If", ["x"], "y").With(new() { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = branch });

        Assert.Equal(["Neg", "If"], Create(node, Node("Neg", ["x"], "late")).Load().Nodes.Select(one => one.Operation));
    }

    [Fact]
    public void A_tensor_told_in_two_places_is_refused()
    {
        var twice = Floats("w", 1);
        twice.RawData = ByteString.CopyFrom(new byte[4]);
        var outside = Floats("w", 1);
        outside.DataLocation = TensorProto.Types.DataLocation.External;

        Assert.Equal("the tensor 'w' holds its elements in raw_data and float_data; there must be one place.", Create(Node("Add", ["x", "w"], "y")).With(twice).Refusal());
        Assert.Equal("the tensor 'w' holds its elements in float_data and another file; there must be one place.", Create(Node("Add", ["x", "w"], "y")).With(outside).Refusal());
    }

    [Fact]
    public void Two_operator_sets_of_one_domain_are_refused_unless_they_are_the_same()
    {
        var model = Create(Node("Relu", ["x"], "y"));
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx", Version = 17 });
        Assert.Equal(17, model.Load().Opset);
        model.OpsetImport[1].Version = 13;

        Assert.Equal("the file names the operator sets 17 and 13 of the domain 'ai.onnx'; it must name one.", model.Refusal());
    }

    private static ModelGraph Reversed(int count)
    {
        var model = Create();
        model.Graph.Output[0].Name = $"v{count}";
        for (int i = count; i > 0; i--)
        {
            model.Graph.Node.Add(Node("Relu", [i == 1 ? "x" : $"v{i - 1}"], $"v{i}"));
        }

        return model.Load();
    }
}
