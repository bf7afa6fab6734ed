using Google.Protobuf;

namespace DistillSharp.Graph.Format;

/// <summary>From the file's message of a node to the node in memory.</summary>
internal static class NodeReader
{
    /// <summary>Reads a node; the message is taken apart.</summary>
    /// <exception cref="GraphException">The node names no operator, or an attribute twice.</exception>
    public static GraphNode Read(NodeProto node)
    {
        if (node.OpType.Length == 0)
        {
            throw new GraphException($"the node '{node.Name}' names no operator.");
        }

        var attributes = node.Attribute.ToList();
        var metadata = node.MetadataProps.ToList();
        var (operation, inputs, outputs, name, domain, overload) = (node.OpType, node.Input.ToList(), node.Output.ToList(), node.Name, node.Domain, node.Overload);
        node.Input.Clear();
        node.Output.Clear();
        node.Attribute.Clear();
        node.MetadataProps.Clear();
        node.OpType = node.Name = node.Domain = node.Overload = "";
        var result = new GraphNode(operation, inputs, outputs, name) { Domain = domain is "ai.onnx" ? "" : domain, Overload = overload, Unshown = node.Rest() };
        foreach (var attribute in attributes)
        {
            string key = attribute.Name;
            if (!result.Attributes.TryAdd(key, ReadAttribute(attribute)))
            {
                throw new GraphException($"{result} has the attribute '{key}' twice.");
            }
        }

        foreach (var entry in metadata)
        {
            result.Metadata[entry.Key] = entry.Value;
        }

        return result;
    }

    /// <summary>The bytes of a message whose shown fields were cleared; empty if nothing is left, fields of a newer format included.</summary>
    public static ReadOnlyMemory<byte> Rest(this IMessage message) => message.CalculateSize() == 0 ? default(ReadOnlyMemory<byte>) : message.ToByteArray();

    private static AttributeValue ReadAttribute(AttributeProto attribute)
    {
        AttributeValue? shown = attribute.Type switch
        {
            _ when attribute.RefAttrName.Length > 0 => null,
            AttributeProto.Types.AttributeType.Int => new IntValue(attribute.I),
            AttributeProto.Types.AttributeType.Float => new FloatValue(attribute.F),
            AttributeProto.Types.AttributeType.String when IsText(attribute.S) => new TextValue(attribute.S.ToStringUtf8()),
            AttributeProto.Types.AttributeType.Ints => new IntsValue([.. attribute.Ints]),
            AttributeProto.Types.AttributeType.Floats => new FloatsValue([.. attribute.Floats]),
            AttributeProto.Types.AttributeType.Strings when attribute.Strings.All(IsText) => new TextsValue([.. attribute.Strings.Select(text => text.ToStringUtf8())]),
            AttributeProto.Types.AttributeType.Tensor when attribute.T is not null && attribute.T.DataLocation == TensorProto.Types.DataLocation.Default && TensorReader.CanRead(attribute.T)
                => new TensorValue(TensorReader.Read(attribute.T, folder: null)),
            _ => null,
        };
        if (shown is null)
        {
            return new OpaqueValue(attribute.RefAttrName.Length > 0 ? "reference" : attribute.Type.ToString().ToLowerInvariant(), attribute.ToByteArray());
        }

        Clear(attribute);
        return shown with { Unshown = attribute.Rest() };
    }

    private static void Clear(AttributeProto attribute)
    {
        switch (attribute.Type)
        {
            case AttributeProto.Types.AttributeType.Int:
                attribute.I = 0;
                break;
            case AttributeProto.Types.AttributeType.Float:
                attribute.F = 0;
                break;
            case AttributeProto.Types.AttributeType.String:
                attribute.S = ByteString.Empty;
                break;
            case AttributeProto.Types.AttributeType.Ints:
                attribute.Ints.Clear();
                break;
            case AttributeProto.Types.AttributeType.Floats:
                attribute.Floats.Clear();
                break;
            case AttributeProto.Types.AttributeType.Strings:
                attribute.Strings.Clear();
                break;
            default:
                TensorReader.Clear(attribute.T);
                attribute.T = attribute.T.CalculateSize() == 0 ? null : attribute.T;
                break;
        }

        attribute.Name = "";
        attribute.Type = AttributeProto.Types.AttributeType.Undefined;
    }

    private static bool IsText(ByteString bytes) => ByteString.CopyFromUtf8(bytes.ToStringUtf8()).Equals(bytes);
}
