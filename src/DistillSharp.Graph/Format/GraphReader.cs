using DistillSharp.Graph.Analysis.Roles;
using Google.Protobuf;

namespace DistillSharp.Graph.Format;

/// <summary>From the file's messages to the graph in memory.</summary>
internal static class GraphReader
{
    /// <summary>Reads a model; the message is taken apart, and what is left of it is kept for writing it back.</summary>
    public static ModelGraph Read(ModelProto model, string? folder)
    {
        FunctionInliner.Inline(model);
        var source = model.Graph;
        bool ours = model.ProducerName == GraphWriter.Producer;
        var (opset, others) = ReadOpsets(model);
        var initializers = ReadInitializers(source, folder);
        var nodes = source.Node.Select(NodeReader.Read).ToList();
        var inputs = source.Input.Where(input => !initializers.Exists(input.Name)).Select(ValueReader.Read).ToList();
        var outputs = source.Output.Select(ValueReader.Read).ToList();
        var known = source.ValueInfo.Where(value => value.Name.Length > 0).Select(ValueReader.Read).ToList();
        var metadata = ReadMetadata(model, ours);
        var graph = new ModelGraph { Name = source.Name, Opset = (int)Math.Max(OnnxFile.LowestOpset, opset), Envelope = Envelope(model), UnshownWeights = initializers.Unshown };
        Fill(graph.Metadata, metadata);
        Fill(graph.OtherOpsets, others);
        foreach (var initializer in initializers.Read)
        {
            graph.Add(initializer);
        }

        // Files of IR version 3 list initialisers among the inputs too.
        var ready = initializers.Names;
        foreach (var input in inputs)
        {
            if (!ready.Add(input.Name))
            {
                throw new GraphException($"the input '{input.Name}' is listed twice.");
            }

            graph.Inputs.Add(input);
        }

        outputs.ForEach(graph.Outputs.Add);
        known.ForEach(value => graph.KnownValues[value.Name] = value);
        NodeOrder.Of(nodes, ready).ForEach(graph.Nodes.Add);
        ready.UnionWith(nodes.SelectMany(node => node.Outputs));
        if (graph.Outputs.FirstOrDefault(output => !ready.Contains(output.Name)) is { } missing)
        {
            throw new GraphException($"the output '{missing.Name}' is made by no node.");
        }

        if (opset < OnnxFile.LowestOpset)
        {
            OldOperators.Upgrade(opset, graph);
        }

        if (ours)
        {
            ParameterRoles.UnmarkStatistics(graph);
        }
        else
        {
            ParameterRoles.Mark(graph);
        }

        return graph;
    }

    private static void Fill<T>(IDictionary<string, T> target, Dictionary<string, T> source)
    {
        foreach (var (key, value) in source)
        {
            target[key] = value;
        }
    }

    /// <summary>The file's metadata; what made a file from elsewhere goes in too, since the file written names what wrote it.</summary>
    private static Dictionary<string, string> ReadMetadata(ModelProto model, bool ours)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in model.MetadataProps)
        {
            metadata[entry.Key] = entry.Value;
        }

        if (!ours && model.ProducerName.Length > 0)
        {
            metadata.TryAdd(GraphWriter.SourceKey, $"{model.ProducerName} {model.ProducerVersion}".Trim());
        }

        return metadata;
    }

    private static (long Own, Dictionary<string, long> Others) ReadOpsets(ModelProto model)
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var import in model.OpsetImport)
        {
            string domain = import.Domain is "ai.onnx" ? "" : import.Domain;
            if (!versions.TryAdd(domain, import.Version) && versions[domain] != import.Version)
            {
                throw new GraphException($"the file names the operator sets {versions[domain]} and {import.Version} of the domain '{(domain.Length > 0 ? domain : "ai.onnx")}'; it must name one.");
            }
        }

        long? own = versions.Remove("", out long told) ? told : null;
        return own is < 1 or > OnnxFile.HighestOpset
            ? throw new GraphException($"the file is written for operator set {own}; {OnnxFile.LowestOpset} to {OnnxFile.HighestOpset} are read. Export it again for one of these.")
            : (own ?? ModelGraph.DefaultOpset, versions);
    }

    /// <summary>What the graph in memory does not show but the file must not lose: functions, training info, annotations, weights of kinds that are not read.</summary>
    private static byte[] Envelope(ModelProto model)
    {
        model.OpsetImport.Clear();
        model.MetadataProps.Clear();
        model.ProducerName = model.ProducerVersion = "";
        model.Graph.Node.Clear();
        model.Graph.Input.Clear();
        model.Graph.Output.Clear();
        model.Graph.ValueInfo.Clear();
        return model.ToByteArray();
    }

    /// <summary>Reads the initialisers; those of text and other kinds without a fixed size are left in the message, for the session.</summary>
    private static Initializers ReadInitializers(GraphProto source, string? folder)
    {
        var read = new List<Initializer>(source.Initializer.Count);
        var left = new List<TensorProto>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var unshown = new HashSet<string>(source.SparseInitializer.Select(sparse => sparse.Values?.Name ?? ""), StringComparer.Ordinal);
        foreach (var tensor in source.Initializer)
        {
            if (tensor.Name.Length == 0)
            {
                throw new GraphException("an initialiser has no name.");
            }

            if (!names.Add(tensor.Name) || unshown.Contains(tensor.Name))
            {
                throw new GraphException($"The graph already has an initialiser named '{tensor.Name}'.");
            }

            if (TensorReader.CanKeep(tensor))
            {
                left.Add(tensor);
                unshown.Add(tensor.Name);
            }
            else
            {
                read.Add(ReadInitializer(tensor, folder));
            }
        }

        source.Initializer.Clear();
        source.Initializer.AddRange(left);
        names.UnionWith(unshown);
        return new(read, names, unshown);
    }

    private static Initializer ReadInitializer(TensorProto tensor, string? folder)
    {
        var data = TensorReader.Read(tensor, folder);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in tensor.MetadataProps)
        {
            metadata[entry.Key] = entry.Value;
        }

        string name = tensor.Name;
        TensorReader.Clear(tensor);
        tensor.Name = "";
        var others = tensor.MetadataProps.Where(entry => entry.Key is not (GraphWriter.TrainableKey or GraphWriter.InitializationKey)).ToList();
        tensor.MetadataProps.Clear();
        tensor.MetadataProps.AddRange(others);
        return new(name, data, metadata.ContainsKey(GraphWriter.TrainableKey))
        {
            Initialization = metadata.TryGetValue(GraphWriter.InitializationKey, out string? text) ? Initialization.Parse(text) : null,
            Unshown = tensor.Rest(),
        };
    }

    /// <summary>A file's initialisers: those read, all names, and the names of those left unread.</summary>
    private sealed record Initializers(List<Initializer> Read, HashSet<string> Names, HashSet<string> Unshown)
    {
        public bool Exists(string name) => Names.Contains(name);
    }
}
