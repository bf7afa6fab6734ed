namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>Each node is what its operator's published schema says: the domain's version, counts of inputs and outputs, attributes.</summary>
internal static class NodeRules
{
    public static void Check(ModelGraph graph, List<GraphProblem> problems)
    {
        if (graph.Opset is < Format.OnnxFile.LowestOpset or > Format.OnnxFile.HighestOpset)
        {
            problems.Error($"The graph is for operator set {graph.Opset}; {Format.OnnxFile.LowestOpset} to {Format.OnnxFile.HighestOpset} are known.");
        }

        var opsets = new OpsetImports(graph.Opset, graph.OtherOpsets);
        foreach (var node in graph.Nodes)
        {
            Check(node, node.ToString(), opsets, problems);
        }
    }

    /// <summary>Checks one node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="what">The node for messages, and where it is.</param>
    /// <param name="opsets">What its graph is written for.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static void Check(GraphNode node, string what, OpsetImports opsets, List<GraphProblem> problems)
    {
        if (node.Outputs.All(name => name.Length == 0))
        {
            problems.Error($"{what} makes nothing.");
        }

        if (node.Domain.Length > 0)
        {
            if (!opsets.Others.ContainsKey(node.Domain))
            {
                problems.Error($"{what} is of the domain '{node.Domain}', of which the graph declares no operator set.");
            }
        }
        else if (Schema(node, what, opsets.Own, problems) is { } schema)
        {
            Counts(node, what, schema, problems);
            Attributes(node, what, schema, problems);
        }
    }

    private static OperatorSchema? Schema(GraphNode node, string what, int opset, List<GraphProblem> problems)
    {
        var versions = OperatorSchemas.Versions(node.Operation);
        if (versions.Count == 0)
        {
            problems.Error($"{what} is of an operator that ONNX does not have up to operator set {Format.OnnxFile.HighestOpset}{(NearMiss.Of(node.Operation, OperatorSchemas.Names) is { } near ? $"; did the exporter mean {near}?" : ". An operator of one's own needs a domain of its own.")}");
            return null;
        }

        if (OperatorSchemas.Withdrawn(node.Operation, opset) is { } since)
        {
            problems.Error($"{what} is of an operator that operator set {since} took back; the graph is for {opset}.");
            return null;
        }

        var schema = OperatorSchemas.Find(node.Operation, opset);
        if (schema is null)
        {
            problems.Error($"{what} is of an operator that came with operator set {versions[0].Since}; the graph is for {opset}.");
        }

        return schema;
    }

    private static void Counts(GraphNode node, string what, OperatorSchema schema, List<GraphProblem> problems)
    {
        // Optional inputs at the end may be left out or be empty; required ones may be neither.
        if (node.Inputs.Count < schema.Inputs.Least || node.Inputs.Count > schema.Inputs.Most)
        {
            problems.Error($"{what} has {node.Inputs.Count} inputs; {schema.Operation} takes {Range(schema.Inputs)}.");
        }

        for (int i = 0; i < Math.Min(node.Inputs.Count, schema.Inputs.Least); i++)
        {
            if (node.Inputs[i].Length == 0)
            {
                problems.Error($"{what} leaves out input {i}, which {schema.Operation} requires.");
            }
        }

        // A node that leaves out all of them makes nothing, which is said already.
        for (int i = 0; node.Outputs.Any(name => name.Length > 0) && i < Math.Min(node.Outputs.Count, schema.Outputs.Least); i++)
        {
            if (node.Outputs[i].Length == 0)
            {
                problems.Error($"{what} leaves out output {i}, which {schema.Operation} always makes.");
            }
        }

        if (node.Outputs.Count < schema.Outputs.Least || node.Outputs.Count > schema.Outputs.Most)
        {
            problems.Error($"{what} has {node.Outputs.Count} outputs; {schema.Operation} makes {Range(schema.Outputs)}.");
        }
    }

    private static string Range((int Least, int Most) count) => count.Most == int.MaxValue ? $"{count.Least} or more" : count.Least == count.Most ? $"{count.Least}" : $"{count.Least} to {count.Most}";

    private static void Attributes(GraphNode node, string what, OperatorSchema schema, List<GraphProblem> problems)
    {
        foreach (var (name, value) in node.Attributes)
        {
            if (!schema.Attributes.TryGetValue(name, out var attribute))
            {
                problems.Error($"{what} has the attribute '{name}', which {schema.Operation} does not have since operator set {schema.Since}.");
            }
            else if (!attribute.Fits(value))
            {
                problems.Error($"The attribute '{name}' of {what} is a {(value is OpaqueValue opaque ? opaque.Kind : value.GetType().Name)}; it must be {attribute.Words}.");
            }
        }

        foreach (var (name, _) in schema.Attributes.Where(pair => pair.Value.Required && !node.Attributes.ContainsKey(pair.Key)))
        {
            problems.Error($"{what} lacks the attribute '{name}', which {schema.Operation} requires.");
        }
    }
}
