using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Tests.Format;
using static DistillSharp.Graph.Tests.Format.ForeignModel;

namespace DistillSharp.Graph.Tests.Passes;

public sealed class InlineIfPassTests
{
    [Theory]
    [InlineData(true, "Conv")]
    [InlineData(false, "Abs")]
    public void The_branch_that_is_taken_takes_the_ifs_place(bool condition, string expected)
    {
        var graph = Model(condition).Load();

        var result = ModelImport.Passes.Run(graph);

        Assert.Equal(["Neg", expected, "Relu"], result.Graph.Nodes.Select(node => node.Operation));
        Assert.Equal("n", result.Graph.Nodes[1].Inputs[0]);
        Assert.Equal("chosen", result.Graph.Nodes[1].Outputs[0]);
        Assert.DoesNotContain(result.Graph.Initializers, initializer => initializer.Name == "flag");
        Assert.Contains(result.Changes, changes => changes.Counts.ContainsKey("If inlined"));
        if (condition)
        {
            var weight = Assert.Single(result.Graph.Initializers);
            Assert.Equal("if_of_chosen/w", weight.Name);
            Assert.True(weight.Trainable);
        }
    }

    [Fact]
    public void An_if_that_is_computed_stays_intact()
    {
        var model = Model(true);
        model.Graph.Node.RemoveAt(0);
        model.Graph.Input.Add(new ValueInfoProto { Name = "flag", Type = new() { TensorType = new() { ElemType = 9, Shape = new() } } });

        Assert.Equal(["Neg", "If", "Relu"], ModelImport.Passes.Run(model.Load()).Graph.Nodes.Select(node => node.Operation));
    }

    [Fact]
    public void A_branch_that_passes_an_outer_value_through_is_an_identity()
    {
        var model = Model(true);
        var branch = model.Graph.Node[2].Attribute[0].G;
        branch.Node.Clear();
        branch.Output[0].Name = "n";

        Assert.Equal(["Neg", "Identity", "Relu"], ModelImport.Passes.Run(model.Load()).Graph.Nodes.Select(node => node.Operation));
    }

    [Fact]
    public void A_node_is_sorted_behind_what_its_branches_read()
    {
        var model = Model(true);
        var conditional = model.Graph.Node[2];
        model.Graph.Node.RemoveAt(2);
        model.Graph.Node.Insert(0, conditional);

        Assert.Equal(["Constant", "Neg", "If", "Relu"], model.Load().Nodes.Select(node => node.Operation));
    }

    private static ModelProto Model(bool condition)
    {
        var then = new GraphProto { Name = "then" };
        then.Initializer.Add(Floats("w", 1, 3, 1));
        then.Node.Add(Node("Conv", ["n", "w"], "made"));
        then.Output.Add(Value("made"));
        var otherwise = new GraphProto { Name = "else" };
        otherwise.Node.Add(Node("Abs", ["n"], "made"));
        otherwise.Output.Add(Value("made"));
        var flag = new TensorProto { DataType = 9 };
        flag.Int32Data.Add(condition ? 1 : 0);
        var model = Create(
            Node("Constant", [], "flag").With(new() { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = flag }),
            Node("Neg", ["x"], "n"),
            Node("If", ["flag"], "chosen").With(new() { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = then }).With(new() { Name = "else_branch", Type = AttributeProto.Types.AttributeType.Graph, G = otherwise }),
            Node("Relu", ["chosen"], "y"));
        model.Graph.Input[0] = Value("x", 2, 3, 4);
        return model;
    }
}
