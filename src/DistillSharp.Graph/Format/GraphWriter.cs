using Google.Protobuf;

namespace DistillSharp.Graph.Format;

/// <summary>From the graph in memory to the file's messages.</summary>
internal static class GraphWriter
{
    public const string Producer = "DistillSharp";
    public const string TrainableKey = "distillsharp.trainable";
    public const string InitializationKey = "distillsharp.init";

    /// <summary>The metadata that says what made the file this graph was read from.</summary>
    public const string SourceKey = "distillsharp.source.producer";

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
        model.Graph.Input.AddRange(graph.Inputs.Select(ValueReader.Write));
        model.Graph.Output.AddRange(graph.Outputs.Select(ValueReader.Write));
        model.Graph.ValueInfo.AddRange(graph.KnownValues.Values.OrderBy(value => value.Name, StringComparer.Ordinal).Select(ValueReader.Write));
        model.Graph.Node.AddRange(graph.Nodes.Select(WriteNode));
        return model;
    }

    private static TensorProto WriteInitializer(Initializer initializer)
    {
        var tensor = TensorProto.Parser.ParseFrom(initializer.Unshown.Span);
        WriteTensor(tensor, initializer.Data);
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

    private static TensorProto WriteTensor(TensorProto tensor, TensorData data)
    {
        (tensor.DataType, tensor.RawData) = ((int)data.Type, ByteString.CopyFrom(data.Bytes));
        tensor.Dims.AddRange(data.Shape);
        return tensor;
    }

    public static NodeProto WriteNode(GraphNode node)
    {
        var result = NodeProto.Parser.ParseFrom(node.Unshown.Span);
        (result.Name, result.OpType, result.Domain, result.Overload) = (node.Name, node.Operation, node.Domain, node.Overload);
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

        var attribute = AttributeProto.Parser.ParseFrom(value.Unshown.Span);
        attribute.Name = name;
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
                (attribute.Type, attribute.T) = (AttributeProto.Types.AttributeType.Tensor, WriteTensor(attribute.T ?? new(), tensor.Value));
                break;
            default:
                throw new NotSupportedException($"An attribute of kind {value.GetType().Name} cannot be written.");
        }

        return attribute;
    }

    private static IEnumerable<StringStringEntryProto> Entries(IDictionary<string, string> pairs) =>
        pairs.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value });
}
