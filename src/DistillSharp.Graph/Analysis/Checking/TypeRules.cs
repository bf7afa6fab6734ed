namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>Types and shapes fit from node to node, and are those the graph declares.</summary>
internal static class TypeRules
{
    /// <summary>Operators whose inputs are all of one type.</summary>
    private static readonly HashSet<string> s_alike = new(
        [
            "Add", "Sub", "Mul", "Div", "Mod", "Min", "Max", "Sum", "Mean", "Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "And", "Or", "Xor",
            "Conv", "ConvTranspose", "Gemm", "MatMul", "Concat", "PRelu", "Einsum", "InstanceNormalization", "Clip",
        ],
        StringComparer.Ordinal);

    public static void Check(ModelGraph graph, List<GraphProblem> problems)
    {
        foreach (var initializer in graph.Initializers.Where(initializer => initializer.Data.Bytes.Length != TensorData.CountOf([.. initializer.Data.Shape]) * TensorData.SizeOf(initializer.Data.Type)))
        {
            problems.Error($"The initialiser {initializer} has {initializer.Data.Bytes.Length} bytes.");
        }

        foreach (var input in graph.Inputs.Where(input => input is { Type: ElementType.Undefined, Declaration: null }))
        {
            problems.Error($"The input '{input.Name}' has no type.");
        }

        var inferred = Undeclared(graph);
        var walk = new ShapeWalk(inferred);
        foreach (var node in graph.Nodes)
        {
            try
            {
                walk.Visit(node);
            }
            catch (GraphException error)
            {
                problems.Error(error.Message);
            }

            Alike(inferred, node, problems);
            TypeConstraints.Check(inferred, node, problems);
        }

        foreach (var declared in graph.Outputs.Select(output => (Value: output, Kind: "output")).Concat(graph.KnownValues.Values.OrderBy(value => value.Name, StringComparer.Ordinal).Select(value => (Value: value, Kind: "value"))))
        {
            Declared(inferred, declared.Value, declared.Kind, problems);
        }
    }

    /// <summary>The same graph without what the file says of its values; weights are shared, not copied.</summary>
    private static ModelGraph Undeclared(ModelGraph graph)
    {
        var bare = new ModelGraph { Opset = graph.Opset };
        foreach (var input in graph.Inputs)
        {
            bare.Inputs.Add(input);
        }

        foreach (var initializer in graph.Initializers)
        {
            bare.Add(initializer);
        }

        // What operators without a rule make is only known from the file.
        var made = graph.Nodes.Where(node => node.Domain.Length > 0 || Shapes.ShapeRules.Find(node.Operation) is null).SelectMany(node => node.Outputs).ToHashSet(StringComparer.Ordinal);
        foreach (var known in graph.KnownValues.Values.Where(known => made.Contains(known.Name)))
        {
            bare.KnownValues[known.Name] = known;
        }

        return bare;
    }

    private static void Alike(ModelGraph graph, GraphNode node, List<GraphProblem> problems)
    {
        if (node.Domain.Length > 0 || !s_alike.Contains(node.Operation))
        {
            return;
        }

        var types = node.Inputs.Where(name => name.Length > 0).Select(name => (Name: name, Type: ShapeInference.Find(graph, name)?.Type ?? ElementType.Undefined)).Where(input => input.Type != ElementType.Undefined).ToList();
        if (types.Select(input => input.Type).Distinct().Count() > 1)
        {
            problems.Error($"The inputs of {node} must be of one type; they are {string.Join(", ", types.Select(input => $"'{input.Name}' {input.Type}"))}.");
        }
    }

    private static void Declared(ModelGraph inferred, GraphValue declared, string kind, List<GraphProblem> problems)
    {
        if (declared.Declaration is not null || ShapeInference.Find(inferred, declared.Name) is not { } found)
        {
            return;
        }

        bool type = declared.Type != ElementType.Undefined && found.Type != ElementType.Undefined && declared.Type != found.Type;
        bool shape = declared.Shape is { } told && found.Shape is { } made
            && (told.Count != made.Count || told.Zip(made).Any(pair => pair.First.Size is { } a && pair.Second.Size is { } b && a != b));
        if (type || shape)
        {
            problems.Error($"The {kind} '{declared.Name}' is declared as {declared}, but is {found}.");
        }
    }
}
