using Google.Protobuf;

namespace DistillSharp.Graph.Format;

/// <summary>From the graph in memory to the file's messages.</summary>
internal static class GraphWriter
{
    public const string Producer = "DistillSharp";
    public const string TrainableKey = "distillsharp.trainable";
    public const string InitializationKey = "distillsharp.init";

    public static ModelProto Write(ModelGraph graph)
    {
        var model = graph.Envelope.Length > 0 ? ModelProto.Parser.ParseFrom(graph.Envelope.Span) : new() { Graph = new() };
        model.ProducerName = Producer;
        model.IrVersion = Math.Max(model.IrVersion, graph.Opset switch { >= 21 => 10, >= 19 => 9, _ => 8 });
        model.OpsetImport.Add(new OperatorSetIdProto { Version = graph.Opset });
        model.OpsetImport.AddRange(graph.OtherOpsets.Select(opset => new OperatorSetIdProto { Domain = opset.Key, Version = opset.Value }));
        model.MetadataProps.AddRange(Entries(graph.Metadata));
        model.Graph.Name = graph.Name;
        model.Graph.Initializer.AddRange(graph.Initializers.Select(WriteInitializer));
        model.Graph.Input.AddRange(graph.Inputs.Select(WriteValue));
        model.Graph.Output.AddRange(graph.Outputs.Select(WriteValue));
        model.Graph.ValueInfo.AddRange(graph.KnownValues.Values.OrderBy(value => value.Name, StringComparer.Ordinal).Select(WriteValue));
        model.Graph.Node.AddRange(graph.Nodes.Select(WriteNode));
        return model;
    }

    private static TensorProto WriteInitializer(Initializer initializer)
    {
        var tensor = WriteTensor(initializer.Data);
        tensor.Name = initializer.Name;
        if (initializer.Trainable)
        {
            tensor.MetadataProps.Add(new StringStringEntryProto { Key = TrainableKey, Value = "1" });
        }

        if (initializer.Initialization is { } initialization)
        {
            tensor.MetadataProps.Add(new StringStringEntryProto { Key = InitializationKey, Value = initialization.ToString() });
        }

        return tensor;
    }

    private static TensorProto WriteTensor(TensorData data)
    {
        var tensor = new TensorProto { DataType = (int)data.Type, RawData = ByteString.CopyFrom(data.Bytes) };
        tensor.Dims.AddRange(data.Shape);
        return tensor;
    }

    private static ValueInfoProto WriteValue(GraphValue value)
    {
        if (value.Declaration is { } declaration)
        {
            var kept = ValueInfoProto.Parser.ParseFrom(declaration.Span);
            kept.Name = value.Name;
            return kept;
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)value.Type };
        if (value.Shape is { } shape)
        {
            tensor.Shape = new();
            tensor.Shape.Dim.AddRange(shape.Select(dimension => dimension switch
            {
                { Size: { } size } => new TensorShapeProto.Types.Dimension { DimValue = size },
                { Symbol: { } symbol } => new TensorShapeProto.Types.Dimension { DimParam = symbol },
                _ => new(),
            }));
        }

        return new() { Name = value.Name, Type = new() { TensorType = tensor } };
    }

    public static NodeProto WriteNode(GraphNode node)
    {
        var result = new NodeProto { Name = node.Name, OpType = node.Operation, Domain = node.Domain, Overload = node.Overload };
        result.Input.AddRange(node.Inputs);
        result.Output.AddRange(node.Outputs);
        result.Attribute.AddRange(node.Attributes.Select(attribute => WriteAttribute(attribute.Key, attribute.Value)));
        result.MetadataProps.AddRange(Entries(node.Metadata));
        return result;
    }

    private static AttributeProto WriteAttribute(string name, AttributeValue value)
    {
        if (value is OpaqueValue opaque)
        {
            return AttributeProto.Parser.ParseFrom(opaque.Serialized.Span);
        }

        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case IntValue number:
                (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, number.Value);
                break;
            case FloatValue number:
                (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, number.Value);
                break;
            case TextValue text:
                (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(text.Value));
                break;
            case IntsValue numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers.Values);
                break;
            case FloatsValue numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Floats;
                attribute.Floats.AddRange(numbers.Values);
                break;
            case TextsValue texts:
                attribute.Type = AttributeProto.Types.AttributeType.Strings;
                attribute.Strings.AddRange(texts.Values.Select(ByteString.CopyFromUtf8));
                break;
            case TensorValue tensor:
                (attribute.Type, attribute.T) = (AttributeProto.Types.AttributeType.Tensor, WriteTensor(tensor.Value));
                break;
            default:
                throw new NotSupportedException($"An attribute of kind {value.GetType().Name} cannot be written.");
        }

        return attribute;
    }

    private static IEnumerable<StringStringEntryProto> Entries(IDictionary<string, string> pairs) =>
        pairs.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value });
}
