using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Tests.Format;

/// <summary>Files for operator sets 1 to 6: what has changed since is rewritten, and the result is what a file for set 7 would say.</summary>
public sealed class OldOperatorsTests
{
    [Fact]
    public void Attributes_that_say_nothing_more_are_dropped()
    {
        var graph = Old(1, ForeignModel.Node("Relu", ["x"], "y").With(Ints("consumed_inputs", 0))).Load();

        Assert.Equal(7, graph.Opset);
        Assert.Empty(graph.Nodes.Single().Attributes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    [InlineData(-1L)]
    public void A_last_axis_is_broadcast_as_it_is_today(long? axis)
    {
        var node = ForeignModel.Node("Add", ["x", "b"], "y").With(Int("broadcast", 1));
        var graph = Old(6, axis is { } named ? node.With(Int("axis", named)) : node).With(ForeignModel.Floats("b", 3)).Load();

        var only = Assert.Single(graph.Nodes);
        Assert.Empty(only.Attributes);
        Assert.Equal(["x", "b"], only.Inputs);
    }

    [Fact]
    public void A_first_axis_gets_further_ones_behind()
    {
        var graph = Old(6, ForeignModel.Node("Mul", ["x", "b"], "y").With(Int("broadcast", 1)).With(Int("axis", 0))).With(ForeignModel.Floats("b", 2)).Load();

        Assert.Equal(["Unsqueeze", "Mul"], graph.Nodes.Select(node => node.Operation));
        Assert.Equal([1L], graph.Nodes[0].Ints("axes")!);
        Assert.Equal(["x", graph.Nodes[0].Outputs[0]], graph.Nodes[1].Inputs);
    }

    [Fact]
    public void An_axis_of_a_value_whose_axes_nobody_tells_is_refused()
    {
        var model = Old(6, ForeignModel.Node("Tanh", ["x"], "between"), ForeignModel.Node("Add", ["between", "b"], "y").With(Int("broadcast", 1)).With(Int("axis", 0))).With(ForeignModel.Floats("b", 2));

        Assert.Contains("Add 'add_of_y' may mean something else: its second input begins at axis 0 of the first, whose number of axes the file does not tell", model.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_axis_that_does_not_fit_is_refused()
    {
        var model = Old(6, ForeignModel.Node("Add", ["x", "b"], "y").With(Int("broadcast", 1)).With(Int("axis", 1))).With(ForeignModel.Floats("b", 3, 2));

        Assert.Contains("its second input of 2 axes does not fit at axis 1 of 2", model.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_attribute_becomes_an_input()
    {
        var graph = Old(4, ForeignModel.Node("Reshape", ["x"], "y").With(Ints("shape", 3, 2))).Load();

        Assert.Empty(graph.Nodes.Single().Attributes);
        Assert.Equal([3L, 2], graph.FindInitializer(graph.Nodes.Single().Inputs[1])!.Data.AsSpan<long>().ToArray());
    }

    [Fact]
    public void Slopes_of_channels_get_axes_behind()
    {
        var model = Old(6, ForeignModel.Node("PRelu", ["x", "s"], "y")).With(ForeignModel.Floats("s", 3));
        model.Graph.Input[0] = ForeignModel.Value("x", 2, 3, 4, 4);

        var graph = model.Load();

        Assert.Equal([1L, 2], graph.Nodes[0].Ints("axes")!);
        Assert.Equal("PRelu", graph.Nodes[1].Operation);
    }

    [Fact]
    public void Types_scales_pads_and_axes_are_written_as_they_are_today()
    {
        var cast = Old(1, ForeignModel.Node("Cast", ["x"], "y").With(Text("to", "INT64"))).Load().Nodes.Single();
        var concat = Old(1, ForeignModel.Node("Concat", ["x", "x"], "y")).Load().Nodes.Single();
        var pad = Old(1, ForeignModel.Node("Pad", ["x"], "y").With(Ints("paddings", 0, 1, 0, 1))).Load().Nodes.Single();
        var power = Old(1, ForeignModel.Node("GlobalLpPool", ["x"], "y").With(Float("p", 3))).Load().Nodes.Single();
        var scale = Old(1, ForeignModel.Node("Upsample", ["x"], "y").With(Float("height_scale", 2)).With(Float("width_scale", 3))).Load().Nodes.Single();

        Assert.Equal(7, cast.Int("to", 0));
        Assert.Equal(1, concat.Int("axis", 0));
        Assert.Equal([0L, 1, 0, 1], pad.Ints("pads")!);
        Assert.Equal(3, power.Int("p", 0));
        Assert.Equal([1f, 1, 2, 3], Assert.IsType<FloatsValue>(scale.Attributes["scales"]).Values);
    }

    private static ModelProto Old(long opset, params ReadOnlySpan<NodeProto> nodes)
    {
        var model = ForeignModel.Create(nodes);
        model.OpsetImport[0].Version = opset;
        return model;
    }

    private static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    private static AttributeProto Float(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    private static AttributeProto Text(string name, string value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = Google.Protobuf.ByteString.CopyFromUtf8(value) };

    private static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }
}
