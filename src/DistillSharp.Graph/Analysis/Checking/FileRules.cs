using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>The rules of the file format, as ONNX's IR.md and checker publish them, held against a file's messages before they are read.</summary>
internal static class FileRules
{
    /// <summary>The newest version of the format that is published, and the first whose initialisers need not be inputs.</summary>
    private const long NewestFormat = 13, FirstFreeInitializers = 4, FirstOpsets = 3;

    /// <summary>The format published with each operator set from 7 on.</summary>
    private static readonly long[] s_formats = [3, 3, 4, 5, 6, 7, 7, 7, 8, 8, 8, 8, 9, 9, 10];

    public static void Check(ModelProto model, List<GraphProblem> problems)
    {
        if (model.Graph is not { } graph)
        {
            problems.Error("The file holds no graph.");
            return;
        }

        Format(model, problems);
        Domains(model, problems);
        foreach (var group in model.MetadataProps.GroupBy(entry => entry.Key, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Error($"The metadata holds the key '{group.Key}' {group.Count()} times; each is told once.");
        }

        if (graph.Name.Length == 0)
        {
            problems.Error("The graph has no name.");
        }

        var scope = new ValueScope();
        Values(graph, model.IrVersion, scope, problems);
        AttributeRules.CheckAll(graph.Node, inFunction: false, problems);
        long own = Opset(model.OpsetImport);
        if (own is >= OnnxFile.LowestOpset and <= OnnxFile.HighestOpset)
        {
            SubgraphRules.CheckNodes(graph.Node, "", scope, new((int)own, Others(model.OpsetImport)), problems);
        }

        FunctionRules.Check(model, problems);
    }

    /// <summary>The version of ONNX's own operators that imports name; 0 for none.</summary>
    public static long Opset(IEnumerable<OperatorSetIdProto> imports) => imports.FirstOrDefault(import => Domain(import) == "")?.Version ?? 0;

    /// <summary>The versions of other domains; of one that is named twice, the first.</summary>
    public static Dictionary<string, long> Others(IEnumerable<OperatorSetIdProto> imports) =>
        imports.Where(import => Domain(import).Length > 0).DistinctBy(Domain).ToDictionary(Domain, import => import.Version, StringComparer.Ordinal);

    private static string Domain(OperatorSetIdProto import) => import.Domain is "ai.onnx" ? "" : import.Domain;

    private static void Format(ModelProto model, List<GraphProblem> problems)
    {
        if (model.IrVersion <= 0)
        {
            problems.Error("The file names no version of the format (ir_version).");
        }
        else if (model.IrVersion > NewestFormat)
        {
            problems.Error($"The file is of version {model.IrVersion} of the format (ir_version); {NewestFormat} is the newest that is known.");
        }
        else if (model.IrVersion < FirstOpsets && model.OpsetImport.Count > 0)
        {
            problems.Error($"The file is of version {model.IrVersion} of the format (ir_version), which knows no operator sets, but names {model.OpsetImport.Count}.");
        }
        else if (Opset(model.OpsetImport) is >= OnnxFile.LowestOpset and <= OnnxFile.HighestOpset and var own && model.IrVersion < s_formats[own - OnnxFile.LowestOpset])
        {
            problems.Add(new(false, $"The file is of version {model.IrVersion} of the format (ir_version), but operator set {own} came with version {s_formats[own - OnnxFile.LowestOpset]}."));
        }
    }

    private static void Domains(ModelProto model, List<GraphProblem> problems)
    {
        if (model.IrVersion >= FirstOpsets && model.OpsetImport.Count == 0)
        {
            problems.Error("The file names no operator set.");
        }

        foreach (var group in model.OpsetImport.GroupBy(Domain, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Error($"The file names the domain '{(group.Key.Length > 0 ? group.Key : "ai.onnx")}' {group.Count()} times, with the operator sets {string.Join(", ", group.Select(import => import.Version))}; each is named once.");
        }

        var used = AllNodes(model).Select(node => node.Domain).Concat(model.Functions.Select(function => function.Domain)).ToHashSet(StringComparer.Ordinal);
        foreach (var import in model.OpsetImport.Where(import => Domain(import).Length > 0 && !used.Contains(import.Domain)))
        {
            problems.Add(new(false, $"The file names operator set {import.Version} of the domain '{import.Domain}', of which it uses nothing."));
        }
    }

    private static IEnumerable<NodeProto> AllNodes(ModelProto model)
    {
        var waiting = new Stack<NodeProto>(model.Graph.Node.Concat(model.Functions.SelectMany(function => function.Node)));
        while (waiting.TryPop(out var node))
        {
            yield return node;
            foreach (var inner in node.Attribute.SelectMany(attribute => attribute.Graphs.Prepend(attribute.G)).OfType<GraphProto>().SelectMany(graph => graph.Node))
            {
                waiting.Push(inner);
            }
        }
    }

    /// <summary>Inputs, weights, outputs and declarations of the model's own graph; inputs and weights go into the scope.</summary>
    private static void Values(GraphProto graph, long format, ValueScope scope, List<GraphProblem> problems)
    {
        foreach (var (value, kind) in graph.Input.Select(value => (value, "input")).Concat(graph.Output.Select(value => (value, "output"))).Concat(graph.ValueInfo.Select(value => (value, "value"))))
        {
            Declaration(value, kind, problems);
            if (kind == "input" && !scope.Add(value.Name))
            {
                problems.Error($"The input '{value.Name}' is listed twice.");
            }
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, tensor) in graph.Initializer.Select(tensor => (tensor.Name, (TensorProto?)tensor)).Concat(graph.SparseInitializer.Select(sparse => (sparse.Values?.Name ?? "", (TensorProto?)null))))
        {
            if (name.Length == 0)
            {
                problems.Error("An initialiser has no name.");
            }
            else if (!names.Add(name))
            {
                problems.Error($"The initialiser '{name}' is listed twice.");
            }
            else if (format is > 0 and < FirstFreeInitializers && !scope.Owns(name))
            {
                problems.Error($"The initialiser '{name}' is no input; a file of version {format} of the format (ir_version) lists each initialiser among its inputs.");
            }

            scope.Add(name);
            if (tensor is not null)
            {
                TensorRules.Check(tensor, $"The initialiser '{name}'", problems);
            }
        }

        foreach (var sparse in graph.SparseInitializer)
        {
            TensorRules.CheckSparse(sparse, $"The sparse initialiser '{sparse.Values?.Name}'", problems);
        }
    }

    private static void Declaration(ValueInfoProto value, string kind, List<GraphProblem> problems)
    {
        if (value.Name.Length == 0)
        {
            problems.Error($"{(kind == "value" ? "A" : "An")} {kind} has no name.");
        }
        else if (value.Type is null || value.Type.ValueCase == TypeProto.ValueOneofCase.None)
        {
            problems.Add(new(kind != "value", $"The {kind} '{value.Name}' has no type."));
        }
        else if (value.Type.TensorType is { ElemType: 0 } || value.Type.SparseTensorType is { ElemType: 0 })
        {
            problems.Error($"The {kind} '{value.Name}' is a tensor of no element type.");
        }
        else if (value.Type is { SequenceType.ElemType: null, ValueCase: TypeProto.ValueOneofCase.SequenceType } or { OptionalType.ElemType: null, ValueCase: TypeProto.ValueOneofCase.OptionalType }
            or { MapType.ValueType: null, ValueCase: TypeProto.ValueOneofCase.MapType } or { MapType.KeyType: 0, ValueCase: TypeProto.ValueOneofCase.MapType })
        {
            string what = value.Type.ValueCase == TypeProto.ValueOneofCase.OptionalType ? "an optional" : value.Type.ValueCase == TypeProto.ValueOneofCase.MapType ? "a map" : "a sequence";
            problems.Error($"The {kind} '{value.Name}' is {what} that does not tell what it holds.");
        }
    }
}
