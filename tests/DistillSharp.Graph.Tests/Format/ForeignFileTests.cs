using DistillSharp.Graph.Format;
using Google.Protobuf;
using static DistillSharp.Graph.Tests.Format.ForeignModel;

namespace DistillSharp.Graph.Tests.Format;

/// <summary>What this library does not look into must still come out of it as it went in.</summary>
public sealed class ForeignFileTests
{
    [Fact]
    public void Initialisers_that_an_old_file_lists_as_inputs_are_no_inputs()
    {
        var model = Create(Node("Conv", ["x", "w"], "y")).With(Floats("w", 1, 3, 1, 1));
        model.IrVersion = 3;
        model.Graph.Input.Add(Value("w", 1, 3, 1, 1));

        var graph = model.Load();

        Assert.Equal("x", Assert.Single(graph.Inputs).Name);
        Assert.True(graph.FindInitializer("w")!.Trainable);
    }

    [Fact]
    public void An_unknown_operator_survives_with_its_domain()
    {
        var node = Node("Frobnicate", ["x"], "y").With(new() { Name = "power", Type = AttributeProto.Types.AttributeType.Int, I = 3 });
        (node.Domain, node.Overload) = ("org.example", "v2");
        node.MetadataProps.Add(new StringStringEntryProto { Key = "origin", Value = "line 7" });
        var model = Create(node);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "org.example", Version = 2 });

        var written = Rewrite(model);

        Assert.Equal(node, Assert.Single(written.Graph.Node));
        Assert.Equal(model.OpsetImport, written.OpsetImport);
    }

    [Fact]
    public void Attributes_of_kinds_that_are_not_looked_into_survive_unchanged()
    {
        var branch = new GraphProto { Name = "then" };
        branch.Node.Add(Node("Identity", ["x"], "inner"));
        var node = Node("If", ["x"], "y")
            .With(new() { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = branch })
            .With(new() { Name = "bytes", Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFrom(0xFF, 0xFE) })
            .With(new() { Name = "referred", Type = AttributeProto.Types.AttributeType.Int, RefAttrName = "outer" })
            .With(new() { Name = "sparse", Type = AttributeProto.Types.AttributeType.SparseTensor, SparseTensor = new() { Values = Floats("v", 1) } })
            .With(new() { Name = "strings", Type = AttributeProto.Types.AttributeType.Tensor, T = new() { DataType = 8 } });

        var graph = Create(node).Load();

        Assert.Equal(["bytes string", "referred reference", "sparse sparsetensor", "strings tensor", "then_branch graph"], graph.Nodes[0].Attributes.Select(pair => $"{pair.Key} {((OpaqueValue)pair.Value).Kind}"));
        Assert.Equal(node.Attribute.OrderBy(attribute => attribute.Name, StringComparer.Ordinal), Rewrite(Create(node)).Graph.Node[0].Attribute);
    }

    [Fact]
    public void Functions_annotations_and_documentation_of_the_file_survive()
    {
        var model = Create(Node("Twice", ["x"], "y"));
        model.DocString = "made by hand";
        model.Graph.DocString = "the graph";
        model.Graph.QuantizationAnnotation.Add(new TensorAnnotation { TensorName = "y" });
        model.Functions.Add(new FunctionProto { Name = "Twice", Domain = "local" });

        var written = Rewrite(model);

        Assert.Equal("made by hand", written.DocString);
        Assert.Equal("the graph", written.Graph.DocString);
        Assert.Equal(model.Graph.QuantizationAnnotation, written.Graph.QuantizationAnnotation);
        Assert.Equal(model.Functions, written.Functions);
    }

    [Fact]
    public void A_value_that_is_no_tensor_keeps_its_declaration()
    {
        var model = Create(Node("SequenceConstruct", ["x"], "y"));
        model.Graph.Output[0].Type = new() { SequenceType = new() { ElemType = new() { TensorType = new() { ElemType = 1 } } } };

        Assert.Equal(model.Graph.Output[0], Rewrite(model).Graph.Output[0]);
        Assert.Null(model.Load().Outputs[0].Shape);
    }

    [Fact]
    public void A_negative_or_unnamed_dimension_is_unknown()
    {
        var model = Create(Node("Relu", ["x"], "y"));
        model.Graph.Input[0] = Value("x", -1, 4);
        model.Graph.Input[0].Type.TensorType.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "" });
        model.Graph.Input[0].Type.TensorType.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "n" });

        Assert.Equal("x: Float32 [?, 4, ?, n]", model.Load().Inputs[0].ToString());
    }

    private static ModelProto Rewrite(ModelProto model) => ModelProto.Parser.ParseFrom(OnnxFile.Serialize(model.Load()));
}
