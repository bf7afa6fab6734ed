using DistillSharp.Graph.Format;
using Google.Protobuf;

namespace DistillSharp.Graph.Tests.Format;

/// <summary>Model files as other exporters write them: built message by message, not through a graph.</summary>
internal static class ForeignModel
{
    /// <summary>A file of opset 17 with the input <c>x [2, 3]</c> and the output <c>y</c>.</summary>
    public static ModelProto Create(params ReadOnlySpan<NodeProto> nodes)
    {
        var model = new ModelProto { IrVersion = 8, ProducerName = "pytorch", Graph = new() { Name = "main" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Graph.Input.Add(Value("x", 2, 3));
        model.Graph.Output.Add(Value("y"));
        foreach (var node in nodes)
        {
            model.Graph.Node.Add(node);
        }

        return model;
    }

    public static NodeProto Node(string operation, string[] inputs, params string[] outputs)
    {
        var node = new NodeProto { OpType = operation, Name = $"{operation.ToLowerInvariant()}_of_{outputs[0]}" };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        return node;
    }

    public static NodeProto With(this NodeProto node, AttributeProto attribute)
    {
        node.Attribute.Add(attribute);
        return node;
    }

    public static ModelProto With(this ModelProto model, params ReadOnlySpan<TensorProto> initializers)
    {
        foreach (var tensor in initializers)
        {
            model.Graph.Initializer.Add(tensor);
        }

        return model;
    }

    public static ValueInfoProto Value(string name, params long[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = 1, Shape = new() };
        tensor.Shape.Dim.AddRange(shape.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new() { Name = name, Type = new() { TensorType = tensor } };
    }

    public static TensorProto Floats(string name, params long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = 1 };
        tensor.Dims.AddRange(shape);
        tensor.FloatData.AddRange(Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(i => i + 0.5f));
        return tensor;
    }

    public static ModelGraph Load(this ModelProto model) => OnnxFile.Load(model.ToByteArray());

    /// <summary>The message with which a file is refused.</summary>
    public static string Refusal(this ModelProto model) => Assert.Throws<GraphException>(() => model.Load()).Message;
}
