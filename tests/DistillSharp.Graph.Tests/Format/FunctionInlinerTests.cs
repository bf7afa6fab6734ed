using DistillSharp.Graph.Format;
using Google.Protobuf;
using static DistillSharp.Graph.Tests.Format.ForeignModel;

namespace DistillSharp.Graph.Tests.Format;

public sealed class FunctionInlinerTests
{
    [Fact]
    public void A_call_becomes_the_functions_nodes_with_its_attributes_and_names()
    {
        var function = Function("Scaled", ["a"], ["b"], Node("LeakyRelu", ["a"], "t").With(Reference("alpha", "slope")), Node("Neg", ["t"], "b"));
        var graph = Model(function, Call("Scaled", "first", ["x"], "m", ("slope", 0.5f)), Call("Scaled", "second", ["m"], "y", ("slope", 0.25f))).Load();

        Assert.Equal(["LeakyRelu", "Neg", "LeakyRelu", "Neg"], graph.Nodes.Select(node => node.Operation));
        Assert.Equal([0.5f, 0.25f], graph.Nodes.Where(node => node.Operation == "LeakyRelu").Select(node => node.Float("alpha", 0)));
        Assert.Equal(["first/t", "m", "second/t", "y"], graph.Nodes.SelectMany(node => node.Outputs));
        Assert.Equal(["x", "first/t", "m", "second/t"], graph.Nodes.SelectMany(node => node.Inputs));
        Assert.Empty(ModelProto.Parser.ParseFrom(OnnxFile.Serialize(graph)).Functions);
    }

    [Fact]
    public void An_attribute_that_is_not_given_has_the_functions_default_or_is_left_out()
    {
        var function = Function("F", ["a"], ["b"], Node("LeakyRelu", ["a"], "t").With(Reference("alpha", "slope")), Node("Elu", ["t"], "b").With(Reference("alpha", "other")));
        function.AttributeProto.Add(new AttributeProto { Name = "slope", Type = AttributeProto.Types.AttributeType.Float, F = 0.125f });
        var graph = Model(function, Call("F", "f", ["x"], "y")).Load();

        Assert.Equal(0.125f, graph.Nodes[0].Float("alpha", 0));
        Assert.Empty(graph.Nodes[1].Attributes);
    }

    [Fact]
    public void Functions_may_call_functions_and_leave_inputs_out()
    {
        var inner = Function("Inner", ["a", "bound"], ["b"], Node("Clip", ["a", "bound"], "b"));
        var outer = Function("Outer", ["p"], ["q"], Call("Inner", "i", ["p"], "q"));
        var model = Model(outer, Call("Outer", "o", ["x"], "y"));
        model.Functions.Add(inner);

        var clip = Assert.Single(model.Load().Nodes);

        Assert.Equal(["x", ""], clip.Inputs);
        Assert.Equal(["y"], clip.Outputs);
    }

    [Fact]
    public void An_output_that_is_an_input_is_passed_through()
    {
        var graph = Model(Function("Same", ["a"], ["a"]), Call("Same", "s", ["x"], "y")).Load();

        var copy = Assert.Single(graph.Nodes);
        Assert.Equal(("Identity", "x", "y"), (copy.Operation, copy.Inputs[0], copy.Outputs[0]));
    }

    [Fact]
    public void Subgraphs_of_a_function_read_the_callers_values()
    {
        var branch = new GraphProto { Name = "then" };
        branch.Node.Add(Node("Neg", ["a"], "n"));
        branch.Output.Add(Value("n"));
        var conditional = Node("If", ["c"], "b").With(new() { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = branch });
        var graph = Model(Function("F", ["a", "c"], ["b"], conditional), Node("Greater", ["x", "x"], "flag"), Call("F", "f", ["x", "flag"], "y")).Load();

        var written = AttributeProto.Parser.ParseFrom(((OpaqueValue)graph.Nodes[1].Attributes["then_branch"]).Serialized.Span).G;
        Assert.Equal("x", written.Node[0].Input[0]);
        Assert.Equal("n", written.Node[0].Output[0]);
    }

    [Fact]
    public void A_function_for_another_operator_set_stays_a_call()
    {
        var function = Function("F", ["a"], ["b"], Node("Neg", ["a"], "b"));
        function.OpsetImport[0].Version = 9;

        var graph = Model(function, Call("F", "f", ["x"], "y")).Load();

        Assert.Equal("local", Assert.Single(graph.Nodes).Domain);
        Assert.Single(ModelProto.Parser.ParseFrom(OnnxFile.Serialize(graph)).Functions);
    }

    [Fact]
    public void Functions_that_call_each_other_without_end_are_refused()
    {
        var a = Function("A", ["p"], ["q"], Call("B", "b", ["p"], "q"));
        var model = Model(a, Call("A", "a", ["x"], "y"));
        model.Functions.Add(Function("B", ["p"], ["q"], Call("A", "a", ["p"], "q")));

        Assert.Contains("without end", model.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_that_multiply_beyond_all_bounds_are_refused()
    {
        // Thirty levels of two calls each would be a thousand million nodes from a file of two kilobytes.
        var model = Model(Function("F0", ["p"], ["q"], Node("Neg", ["p"], "q")), Call("F30", "top", ["x"], "y"));
        for (int level = 1; level <= 30; level++)
        {
            model.Functions.Add(Function($"F{level}", ["p"], ["q"], Call($"F{level - 1}", "l", ["p"], "m"), Call($"F{level - 1}", "r", ["m"], "q")));
        }

        Assert.Contains("more than 200000 nodes", model.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_does_not_make_its_output_is_refused() => Assert.Contains("makes no 'q'", Model(Function("F", ["p"], ["q"], Node("Neg", ["p"], "r")), Call("F", "f", ["x"], "y")).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void A_call_with_too_many_inputs_is_refused() => Assert.Contains("'f' of 'F' has 2 inputs", Model(Function("F", ["p"], ["q"], Node("Neg", ["p"], "q")), Call("F", "f", ["x", "x"], "y")).Refusal(), StringComparison.Ordinal);

    private static ModelProto Model(FunctionProto function, params ReadOnlySpan<NodeProto> nodes)
    {
        var model = Create(nodes);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "local", Version = 1 });
        model.Functions.Add(function);
        return model;
    }

    private static FunctionProto Function(string name, string[] inputs, string[] outputs, params ReadOnlySpan<NodeProto> nodes)
    {
        var function = new FunctionProto { Name = name, Domain = "local" };
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        function.Input.AddRange(inputs);
        function.Output.AddRange(outputs);
        foreach (var node in nodes)
        {
            function.Node.Add(node);
        }

        return function;
    }

    private static NodeProto Call(string function, string name, string[] inputs, string output, params ReadOnlySpan<(string Name, float Value)> attributes)
    {
        var node = Node(function, inputs, output);
        (node.Domain, node.Name) = ("local", name);
        foreach (var (key, value) in attributes)
        {
            node.Attribute.Add(new AttributeProto { Name = key, Type = AttributeProto.Types.AttributeType.Float, F = value });
        }

        return node;
    }

    private static AttributeProto Reference(string name, string outer) => new() { Name = name, RefAttrName = outer, Type = AttributeProto.Types.AttributeType.Float };
}
