using DistillSharp.Graph.Format;
using static DistillSharp.Graph.Tests.Format.ForeignModel;
using Kind = DistillSharp.Graph.Format.AttributeProto.Types.AttributeType;

namespace DistillSharp.Graph.Tests.Analysis.Checking;

/// <summary>The functions that a file brings along.</summary>
public sealed class FunctionRulesTests
{
    [Fact]
    public void A_good_function_has_no_problem() => Assert.Empty(FileRulesTests.Check(Twice()));

    [Fact]
    public void A_function_defined_twice_is_named() => Finds("The function 'local.Twice' is defined twice.", (model, function) => model.Functions.Add(function.Clone()));

    [Fact]
    public void A_function_without_a_name_is_told() => Finds("A function has no name.", (_, function) => function.Name = "");

    [Fact]
    public void Names_listed_twice_are_named()
    {
        Finds("The function 'local.Twice' lists the input 'a' twice.", (_, function) => function.Input.Add("a"));
        Finds("The function 'local.Twice' lists the output 'b' twice.", (_, function) => function.Output.Add("b"));
        Finds("The function 'local.Twice' lists the attribute 'alpha' twice.", (_, function) =>
        {
            function.Attribute.Add("alpha");
            function.AttributeProto.Add(new AttributeProto { Name = "alpha", Type = Kind.Float });
        });
    }

    [Fact]
    public void A_body_reads_nothing_of_the_model() => Finds("Add 'add_of_b' of the function 'local.Twice' reads 'x', which nothing makes.", (_, function) => function.Node[0].Input[1] = "x");

    [Fact]
    public void A_body_makes_each_value_once() =>
        Finds("Neg 'neg_of_b' of the function 'local.Twice' makes 'b', which exists already; each value is made once, in subgraphs too.", (_, function) => function.Node.Add(Node("Neg", ["a"], "b")));

    [Fact]
    public void A_body_makes_its_outputs() => Finds("The function 'local.Twice' makes no 'c', which is its output.", (_, function) => function.Output.Add("c"));

    [Fact]
    public void A_domain_without_an_operator_set_is_named()
    {
        Finds("The function 'local.Twice' is of the domain 'local', of which the file names no operator set.", (model, _) => model.OpsetImport.RemoveAt(1));
        Finds("Odd 'odd_of_c' of the function 'local.Twice' is of the domain 'org.example', of which the graph declares no operator set.", (_, function) =>
        {
            var node = Node("Odd", ["a"], "c");
            node.Domain = "org.example";
            function.Node.Add(node);
        });
    }

    [Fact]
    public void An_operator_in_a_body_is_held_to_its_rules() => Finds("Relu 'relu_of_c' of the function 'local.Twice' has 2 inputs; Relu takes 1.", (_, function) => function.Node.Add(Node("Relu", ["a", "a"], "c")));

    [Fact]
    public void A_reference_with_a_value_of_its_own_is_named() =>
        Finds("The attribute 'alpha' of Elu 'elu_of_c' refers to 'alpha' of the call and has a value of its own.", (_, function) =>
            function.Node.Add(Node("Elu", ["a"], "c").With(new() { Name = "alpha", Type = Kind.Float, RefAttrName = "alpha", F = 2 })));

    [Fact]
    public void A_function_that_calls_itself_is_named() => Finds("The function 'local.Twice' calls itself, or one that calls it.", (_, function) =>
    {
        var call = Node("Twice", ["a"], "c");
        call.Domain = "local";
        function.Node.Add(call);
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "local", Version = 1 });
    });

    private static void Finds(string expected, Action<ModelProto, FunctionProto> damage)
    {
        var model = Twice();
        damage(model, model.Functions[0]);
        var found = FileRulesTests.Check(model);
        Assert.True(found.Any(problem => problem.IsError && problem.Message == expected), $"Not found: {expected}\nFound: {string.Join("\n", found)}");
    }

    private static ModelProto Twice()
    {
        var call = Node("Twice", ["x"], "y");
        call.Domain = "local";
        var model = Create(call);
        model.Graph.Output[0] = Value("y", 2, 3);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "local", Version = 1 });
        var function = new FunctionProto { Name = "Twice", Domain = "local" };
        function.Input.Add("a");
        function.Output.Add("b");
        function.Node.Add(Node("Add", ["a", "a"], "b"));
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Functions.Add(function);
        return model;
    }
}
