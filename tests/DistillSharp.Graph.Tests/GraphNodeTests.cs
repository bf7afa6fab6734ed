namespace DistillSharp.Graph.Tests;

public sealed class GraphNodeTests
{
    [Fact]
    public void Attributes_are_read_by_kind_or_give_the_operators_default()
    {
        var node = new GraphNode("Conv", ["x", "w"], ["y"]);
        node.Attributes["group"] = new IntValue(4);
        node.Attributes["alpha"] = new FloatValue(0.5f);
        node.Attributes["auto_pad"] = new TextValue("VALID");
        node.Attributes["pads"] = new IntsValue([1, 2]);

        Assert.Equal((4, 7), (node.Int("group", 1), node.Int("other", 7)));
        Assert.Equal((0.5f, 2f), (node.Float("alpha", 1), node.Float("other", 2)));
        Assert.Equal(("VALID", "NOTSET"), (node.Text("auto_pad", ""), node.Text("other", "NOTSET")));
        Assert.Equal([1L, 2L], node.Ints("pads"));
        Assert.Null(node.Ints("strides"));
    }

    [Fact]
    public void An_attribute_of_another_kind_is_refused_by_node_name_and_both_kinds()
    {
        var node = new GraphNode("Conv", ["x"], ["y"], "stem");
        node.Attributes["group"] = new FloatValue(4);

        var error = Assert.Throws<GraphException>(() => node.Int("group", 1));
        Assert.Equal("The attribute 'group' of Conv 'stem' is a FloatValue, but the operator defines a IntValue.", error.Message);
    }

    [Fact]
    public void An_input_left_out_is_null_whether_empty_or_missing()
    {
        var node = new GraphNode("Clip", ["x", "", "max"], ["y"]);

        Assert.Equal(["x", null, "max", null], Enumerable.Range(0, 4).Select(node.InputOrNull));
    }

    [Fact]
    public void A_node_without_a_name_is_called_by_its_first_output()
    {
        Assert.Equal("Relu 'act'", new GraphNode("Relu", ["x"], ["y"], "act").ToString());
        Assert.Equal("Relu -> 'y'", new GraphNode("Relu", ["x"], ["y"]).ToString());
        Assert.Throws<ArgumentException>("operation", () => new GraphNode("", [], []));
    }
}
