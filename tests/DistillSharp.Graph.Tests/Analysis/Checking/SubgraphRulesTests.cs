using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using static DistillSharp.Graph.Tests.Format.ForeignModel;
using Kind = DistillSharp.Graph.Format.AttributeProto.Types.AttributeType;

namespace DistillSharp.Graph.Tests.Analysis.Checking;

/// <summary>Graphs within nodes: names are one namespace with those around them, and the operators' rules hold inside too.</summary>
public sealed class SubgraphRulesTests
{
    [Fact]
    public void A_branch_that_reads_outer_values_is_valid()
    {
        Assert.Empty(FileRulesTests.Check(Conditional(_ => { })));
        Assert.Empty(GraphChecker.Check(Conditional(_ => { }).Load()));
    }

    [Fact]
    public void A_value_that_exists_outside_is_not_made_again_inside() =>
        Finds("Neg 'neg_of_inner' of the subgraph 'then_branch' of If 'if_of_y' makes 'x', which exists already; each value is made once, in subgraphs too.", branch => (branch.Node[0].Output[0], branch.Output[0].Name) = ("x", "x"));

    [Fact]
    public void A_value_that_nothing_makes_is_named() => Finds("Neg 'neg_of_inner' of the subgraph 'then_branch' of If 'if_of_y' reads 'nowhere', which nothing makes.", branch => branch.Node[0].Input[0] = "nowhere");

    [Fact]
    public void Nodes_out_of_order_inside_are_named() => Finds("Abs 'abs_of_first' of the subgraph 'then_branch' of If 'if_of_y' reads 'inner' before it is made; nodes must be in topological order.", branch => branch.Node.Insert(0, Node("Abs", ["inner"], "first")));

    [Fact]
    public void A_value_that_is_made_only_later_outside_is_named()
    {
        var model = Conditional(branch => branch.Node[0].Input[0] = "later");
        model.Graph.Node.Add(Node("Abs", ["y"], "later"));

        Assert.Contains(FileRulesTests.Check(model), problem => problem.Message == "Neg 'neg_of_inner' of the subgraph 'then_branch' of If 'if_of_y' reads 'later', which nothing makes.");
    }

    [Fact]
    public void An_output_that_nothing_makes_is_named() => Finds("The output 'missing' of the subgraph 'then_branch' of If 'if_of_y' is made by no node.", branch => branch.Output[0].Name = "missing");

    [Fact]
    public void Operators_are_held_to_their_rules_inside() => Finds("Conv 'conv_of_more' of the subgraph 'then_branch' of If 'if_of_y' has 1 inputs; Conv takes 2 to 3.", branch => branch.Node.Add(Node("Conv", ["x"], "more")));

    [Fact]
    public void An_input_listed_twice_is_named() => Finds("The input 'a' of the subgraph 'then_branch' of If 'if_of_y' is listed twice.", branch => branch.Input.AddRange([Value("a", 1), Value("a", 1)]));

    [Fact]
    public void A_weight_that_hides_an_outer_value_is_a_warning()
    {
        var problems = FileRulesTests.Check(Conditional(branch => branch.Initializer.Add(Floats("x", 3))));

        Assert.Equal("warning: The initialiser 'x' of the subgraph 'then_branch' of If 'if_of_y' hides a value of the graph around it.", Assert.Single(problems).ToString());
    }

    /// <summary>The file is found out before it is read, and the graph in memory too if reading lets it pass.</summary>
    private static void Finds(string expected, Action<GraphProto> damage)
    {
        var found = FileRulesTests.Check(Conditional(damage));
        Assert.True(found.Any(problem => problem.IsError && problem.Message == expected), $"Not found: {expected}\nFound: {string.Join("\n", found)}");
        Assert.Contains(GraphChecker.Check(Conditional(damage).Load()), problem => problem.IsError && problem.Message == expected);
    }

    private static ModelProto Conditional(Action<GraphProto> damage)
    {
        var then = Branch("then");
        damage(then);
        var node = Node("If", ["condition"], "y")
            .With(new() { Name = "then_branch", Type = Kind.Graph, G = then })
            .With(new() { Name = "else_branch", Type = Kind.Graph, G = Branch("else") });
        var model = Create(node);
        var condition = Value("condition");
        condition.Type.TensorType.ElemType = 9;
        model.Graph.Input.Add(condition);
        model.Graph.Output.Clear();
        model.Graph.Output.Add(Value("y", 2, 3));
        return model;
    }

    private static GraphProto Branch(string name)
    {
        var graph = new GraphProto { Name = name };
        string inner = name == "then" ? "inner" : "other";
        graph.Node.Add(Node("Neg", ["x"], inner));
        graph.Output.Add(Value(inner, 2, 3));
        return graph;
    }
}
