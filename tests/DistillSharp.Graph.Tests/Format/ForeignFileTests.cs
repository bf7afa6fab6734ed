using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
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
    public void What_is_said_of_nodes_values_weights_and_attributes_survives()
    {
        var node = Node("Elu", ["x"], "y").With(new() { Name = "alpha", Type = AttributeProto.Types.AttributeType.Float, F = 2, DocString = "the slope" });
        node.DocString = "File \"model.py\", line 7";
        var constant = Node("Constant", [], "c").With(new() { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = new() { Name = "named", DocString = "one", DataType = 1, RawData = ByteString.CopyFrom(0, 0, 128, 63) } });
        var weight = Floats("w", 2);
        weight.DocString = "a weight";
        weight.MetadataProps.Add(new StringStringEntryProto { Key = "origin", Value = "layer 3" });
        var model = Create(node, constant).With(weight);
        model.Graph.Output.Add(Value("w", 2));
        model.Graph.Input[0].DocString = "pictures";
        model.Graph.Input[0].Type.Denotation = "IMAGE";
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0].Denotation = "DATA_BATCH";
        model.Graph.Input[0].MetadataProps.Add(new StringStringEntryProto { Key = "range", Value = "0..1" });
        model.Graph.ValueInfo.Add(Value("c"));
        model.Graph.ValueInfo[0].DocString = "a constant";
        model.Graph.MetadataProps.Add(new StringStringEntryProto { Key = "location", Value = "here" });
        (model.Domain, model.ModelVersion, model.DocString) = ("org.example", 12, "the model");
        model.TrainingInfo.Add(new TrainingInfoProto { Algorithm = new() { Name = "step" } });

        var written = Rewrite(model);

        Assert.Equal(model.Graph.Node, written.Graph.Node);
        Assert.Equal(model.Graph.Input, written.Graph.Input);
        Assert.Equal(model.Graph.ValueInfo, written.Graph.ValueInfo);
        Assert.Equal(model.Graph.MetadataProps, written.Graph.MetadataProps);
        Assert.Equal(("a weight", "layer 3"), (written.Graph.Initializer[0].DocString, Assert.Single(written.Graph.Initializer[0].MetadataProps).Value));
        Assert.Equal(("org.example", 12L, "the model"), (written.Domain, written.ModelVersion, written.DocString));
        Assert.Equal(model.TrainingInfo, written.TrainingInfo);
    }

    [Fact]
    public void What_is_said_of_a_weight_survives_a_copy_and_a_new_name()
    {
        var weight = Floats("w", 3);
        weight.DocString = "a weight";
        var graph = new RenamePass(new Dictionary<string, string> { ["w"] = "v" }).Apply(Create(Node("Add", ["x", "w"], "y")).With(weight).Load().Clone()).Graph;

        var written = Assert.Single(ModelProto.Parser.ParseFrom(OnnxFile.Serialize(graph)).Graph.Initializer);

        Assert.Equal(("v", "a weight"), (written.Name, written.DocString));
    }

    [Fact]
    public void The_file_written_says_what_wrote_it_and_what_made_the_one_before()
    {
        var model = Create(Node("Relu", ["x"], "y"));
        model.ProducerVersion = "2.7.1";

        var once = Rewrite(model);
        var again = Rewrite(once);

        Assert.Equal(("DistillSharp", ""), (once.ProducerName, once.ProducerVersion));
        Assert.Equal(("distillsharp.source.producer", "pytorch 2.7.1"), (Assert.Single(once.MetadataProps).Key, once.MetadataProps[0].Value));
        Assert.Equal(once, again);
    }

    [Fact]
    public void Fields_of_a_newer_format_survive_wherever_they_are()
    {
        // Field 900, a varint, in the node, its attribute and its input's declaration.
        byte[] newer = [0xA0, 0x38, 0x05];
        var node = Node("Elu", ["x"], "y").With(AttributeProto.Parser.ParseFrom([.. new AttributeProto { Name = "alpha", Type = AttributeProto.Types.AttributeType.Float, F = 2 }.ToByteArray(), .. newer]));
        var model = Create(NodeProto.Parser.ParseFrom([.. node.ToByteArray(), .. newer]));
        model.Graph.Input[0] = ValueInfoProto.Parser.ParseFrom([.. model.Graph.Input[0].ToByteArray(), .. newer]);

        var written = Rewrite(model);

        Assert.Equal(model.Graph.Node[0].CalculateSize(), written.Graph.Node[0].CalculateSize());
        Assert.Equal(model.Graph.Node, written.Graph.Node);
        Assert.Equal(model.Graph.Input, written.Graph.Input);
    }

    [Fact]
    public void Weights_of_text_of_few_bits_and_sparse_ones_survive_unread()
    {
        var text = new TensorProto { Name = "vocabulary", DataType = (int)ElementType.Text };
        text.StringData.Add(ByteString.CopyFromUtf8("the"));
        text.Dims.Add(1);
        var bits = new TensorProto { Name = "int4", DataType = 22, RawData = ByteString.CopyFrom(0x21) };
        bits.Dims.Add(2);
        var model = Create(Node("Frobnicate", ["vocabulary", "int4", "sparse"], "y")).With(text, bits);
        model.Graph.SparseInitializer.Add(new SparseTensorProto { Values = Floats("sparse", 1) });

        var graph = model.Load();
        var written = Rewrite(model);

        Assert.Empty(graph.Initializers);
        Assert.Equal([text, bits], written.Graph.Initializer);
        Assert.Equal(model.Graph.SparseInitializer, written.Graph.SparseInitializer);
        Assert.DoesNotContain(GraphChecker.Check(graph.Clone()), problem => problem.Message.Contains("nothing makes", StringComparison.Ordinal));
        Assert.NotEqual("vocabulary", new GraphUses(graph).Fresh("vocabulary"));
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
