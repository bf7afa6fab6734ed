using Google.Protobuf;

namespace DistillSharp.Graph.Format;

/// <summary>From the file's messages to the graph in memory.</summary>
internal static class GraphReader
{
    public static ModelGraph Read(ModelProto model, string? folder)
    {
        FunctionInliner.Inline(model);
        var source = model.Graph;
        var graph = new ModelGraph { Name = source.Name, Envelope = Envelope(model) };
        long opset = ReadOpsets(model, graph);
        foreach (var entry in model.MetadataProps)
        {
            graph.Metadata[entry.Key] = entry.Value;
        }

        bool ours = model.ProducerName == GraphWriter.Producer;
        foreach (var tensor in source.Initializer)
        {
            if (tensor.DataType == (int)ElementType.Text)
            {
                throw new GraphException($"the initialiser '{tensor.Name}' holds text, which this version does not read.");
            }

            graph.Add(ReadInitializer(tensor, folder));
        }

        // Files of IR version 3 list initialisers among the inputs too.
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in source.Input.Where(input => graph.FindInitializer(input.Name) is null))
        {
            if (!named.Add(input.Name))
            {
                throw new GraphException($"the input '{input.Name}' is listed twice.");
            }

            graph.Inputs.Add(ReadValue(input));
        }

        foreach (var output in source.Output)
        {
            graph.Outputs.Add(ReadValue(output));
        }

        foreach (var value in source.ValueInfo.Where(value => value.Name.Length > 0))
        {
            graph.KnownValues[value.Name] = ReadValue(value);
        }

        foreach (var node in Ordered(source, graph))
        {
            graph.Nodes.Add(node);
        }

        if (opset < OnnxFile.LowestOpset)
        {
            OldOperators.Upgrade(opset, graph);
        }

        if (!ours)
        {
            TrainableRule.Apply(graph);
        }

        return graph;
    }

    public static GraphValue ReadValue(ValueInfoProto value)
    {
        if (value.Type?.TensorType is not { } tensor)
        {
            return new(value.Name, ElementType.Undefined, null) { Declaration = value.ToByteArray() };
        }

        var shape = tensor.Shape?.Dim.Select(dimension => dimension.ValueCase switch
        {
            TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when dimension.DimValue >= 0 => Dimension.Of(dimension.DimValue),
            TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when dimension.DimParam.Length > 0 => Dimension.Named(dimension.DimParam),
            _ => Dimension.Unknown,
        }).ToList();
        return new(value.Name, (ElementType)tensor.ElemType, shape);
    }

    private static long ReadOpsets(ModelProto model, ModelGraph graph)
    {
        long? own = null;
        foreach (var import in model.OpsetImport)
        {
            if (import.Domain is "" or "ai.onnx")
            {
                own = import.Version;
            }
            else
            {
                graph.OtherOpsets[import.Domain] = import.Version;
            }
        }

        if (own is < 1 or > OnnxFile.HighestOpset)
        {
            throw new GraphException($"the file is written for operator set {own}; {OnnxFile.LowestOpset} to {OnnxFile.HighestOpset} are read. Export it again for one of these.");
        }

        long opset = own ?? ModelGraph.DefaultOpset;
        graph.Opset = (int)Math.Max(OnnxFile.LowestOpset, opset);
        return opset;
    }

    /// <summary>What the graph in memory does not show but the file must not lose: functions, training info, sparse weights, annotations.</summary>
    private static byte[] Envelope(ModelProto model)
    {
        var rest = model.Clone();
        rest.OpsetImport.Clear();
        rest.MetadataProps.Clear();
        rest.Graph.Node.Clear();
        rest.Graph.Initializer.Clear();
        rest.Graph.Input.Clear();
        rest.Graph.Output.Clear();
        rest.Graph.ValueInfo.Clear();
        return rest.ToByteArray();
    }

    private static Initializer ReadInitializer(TensorProto tensor, string? folder)
    {
        if (tensor.Name.Length == 0)
        {
            throw new GraphException("an initialiser has no name.");
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in tensor.MetadataProps)
        {
            metadata[entry.Key] = entry.Value;
        }

        return new(tensor.Name, TensorReader.Read(tensor, folder), metadata.ContainsKey(GraphWriter.TrainableKey))
        {
            Initialization = metadata.TryGetValue(GraphWriter.InitializationKey, out string? text) ? Initialization.Parse(text) : null,
        };
    }

    public static GraphNode ReadNode(NodeProto node)
    {
        if (node.OpType.Length == 0)
        {
            throw new GraphException($"the node '{node.Name}' names no operator.");
        }

        var result = new GraphNode(node.OpType, node.Input, node.Output, node.Name) { Domain = node.Domain is "ai.onnx" ? "" : node.Domain, Overload = node.Overload };
        foreach (var attribute in node.Attribute)
        {
            result.Attributes[attribute.Name] = ReadAttribute(attribute);
        }

        foreach (var entry in node.MetadataProps)
        {
            result.Metadata[entry.Key] = entry.Value;
        }

        return result;
    }

    private static AttributeValue ReadAttribute(AttributeProto attribute) => attribute.Type switch
    {
        _ when attribute.RefAttrName.Length > 0 => new OpaqueValue("reference", attribute.ToByteArray()),
        AttributeProto.Types.AttributeType.Int => new IntValue(attribute.I),
        AttributeProto.Types.AttributeType.Float => new FloatValue(attribute.F),
        AttributeProto.Types.AttributeType.String when IsText(attribute.S) => new TextValue(attribute.S.ToStringUtf8()),
        AttributeProto.Types.AttributeType.Ints => new IntsValue([.. attribute.Ints]),
        AttributeProto.Types.AttributeType.Floats => new FloatsValue([.. attribute.Floats]),
        AttributeProto.Types.AttributeType.Strings when attribute.Strings.All(IsText) => new TextsValue([.. attribute.Strings.Select(text => text.ToStringUtf8())]),
        AttributeProto.Types.AttributeType.Tensor when attribute.T is not null && attribute.T.DataType is not (int)ElementType.Text && attribute.T.DataLocation == TensorProto.Types.DataLocation.Default
            && TensorReader.CanRead(attribute.T) => new TensorValue(TensorReader.Read(attribute.T, folder: null)),
        var kind => new OpaqueValue(kind.ToString().ToLowerInvariant(), attribute.ToByteArray()),
    };

    private static bool IsText(ByteString bytes) => ByteString.CopyFromUtf8(bytes.ToStringUtf8()).Equals(bytes);

    /// <summary>The nodes in topological order: the file's own where it is one, else sorted.</summary>
    private static List<GraphNode> Ordered(GraphProto source, ModelGraph graph)
    {
        var nodes = source.Node.Select(ReadNode).ToList();
        var produced = new HashSet<string>(nodes.SelectMany(node => node.Outputs).Where(name => name.Length > 0), StringComparer.Ordinal);
        if (produced.Count != nodes.Sum(node => node.Outputs.Count(name => name.Length > 0)))
        {
            string twice = nodes.SelectMany(node => node.Outputs).Where(name => name.Length > 0).GroupBy(name => name).First(group => group.Count() > 1).Key;
            throw new GraphException($"the value '{twice}' is made by two nodes.");
        }

        var ready = new HashSet<string>(graph.Inputs.Select(input => input.Name).Concat(graph.Initializers.Select(initializer => initializer.Name)), StringComparer.Ordinal);
        if (nodes.FirstOrDefault(node => node.Outputs.Any(ready.Contains)) is { } hiding)
        {
            throw new GraphException($"{hiding} makes the value '{hiding.Outputs.First(ready.Contains)}', which is an input or a weight already.");
        }

        foreach (var sparse in source.SparseInitializer)
        {
            ready.Add(sparse.Values?.Name ?? "");
        }

        // What a subgraph reads from outside must be there too; its own names are not made outside.
        var captured = nodes.Select(node => (node, Names: Subgraphs.Captured(node).Where(produced.Contains).ToList())).Where(pair => pair.Names.Count > 0).ToDictionary(pair => pair.node, pair => pair.Names);
        var ordered = new List<GraphNode>(nodes.Count);
        var waiting = nodes;
        while (waiting.Count > 0)
        {
            var later = new List<GraphNode>();
            foreach (var node in waiting)
            {
                if (node.Inputs.FirstOrDefault(name => name.Length > 0 && !ready.Contains(name) && !produced.Contains(name)) is { } dangling)
                {
                    throw new GraphException($"{node} reads '{dangling}', which nothing makes.");
                }

                if (node.Inputs.All(name => name.Length == 0 || ready.Contains(name)) && (!captured.TryGetValue(node, out var outer) || outer.All(ready.Contains)))
                {
                    ordered.Add(node);
                    ready.UnionWith(node.Outputs);
                }
                else
                {
                    later.Add(node);
                }
            }

            if (later.Count == waiting.Count)
            {
                throw new GraphException($"the nodes form a cycle through {later[0]}.");
            }

            waiting = later;
        }

        if (graph.Outputs.FirstOrDefault(output => !ready.Contains(output.Name)) is { } missing)
        {
            throw new GraphException($"the output '{missing.Name}' is made by no node.");
        }

        return ordered;
    }
}
