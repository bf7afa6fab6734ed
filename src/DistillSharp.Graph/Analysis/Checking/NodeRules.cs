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

        foreach (var node in graph.Nodes)
        {
            if (node.Outputs.All(name => name.Length == 0))
            {
                problems.Error($"{node} makes nothing.");
            }

            if (node.Domain.Length > 0)
            {
                if (!graph.OtherOpsets.ContainsKey(node.Domain))
                {
                    problems.Error($"{node} is of the domain '{node.Domain}', of which the graph declares no operator set.");
                }
            }
            else if (Schema(graph, node, problems) is { } schema)
            {
                Counts(node, schema, problems);
                Attributes(node, schema, problems);
            }
        }
    }

    private static OperatorSchema? Schema(ModelGraph graph, GraphNode node, List<GraphProblem> problems)
    {
        var versions = OperatorSchemas.Versions(node.Operation);
        if (versions.Count == 0)
        {
            problems.Add(new(false, $"{node} is of an operator that is not known here, so it is not checked."));
            return null;
        }

        if (OperatorSchemas.Withdrawn(node.Operation, graph.Opset) is { } since)
        {
            problems.Error($"{node} is of an operator that operator set {since} took back; the graph is for {graph.Opset}.");
            return null;
        }

        var schema = OperatorSchemas.Find(node.Operation, graph.Opset);
        if (schema is null)
        {
            problems.Error($"{node} is of an operator that came with operator set {versions[0].Since}; the graph is for {graph.Opset}.");
        }

        return schema;
    }

    private static void Counts(GraphNode node, OperatorSchema schema, List<GraphProblem> problems)
    {
        // Optional inputs at the end may be left out or be empty; required ones may be neither.
        if (node.Inputs.Count < schema.Inputs.Least || node.Inputs.Count > schema.Inputs.Most)
        {
            problems.Error($"{node} has {node.Inputs.Count} inputs; {schema.Operation} takes {Range(schema.Inputs)}.");
        }

        for (int i = 0; i < Math.Min(node.Inputs.Count, schema.Inputs.Least); i++)
        {
            if (node.Inputs[i].Length == 0)
            {
                problems.Error($"{node} leaves out input {i}, which {schema.Operation} requires.");
            }
        }

        if (node.Outputs.Count < schema.Outputs.Least || node.Outputs.Count > schema.Outputs.Most)
        {
            problems.Error($"{node} has {node.Outputs.Count} outputs; {schema.Operation} makes {Range(schema.Outputs)}.");
        }
    }

    private static string Range((int Least, int Most) count) => count.Most == int.MaxValue ? $"{count.Least} or more" : count.Least == count.Most ? $"{count.Least}" : $"{count.Least} to {count.Most}";

    private static void Attributes(GraphNode node, OperatorSchema schema, List<GraphProblem> problems)
    {
        foreach (var (name, value) in node.Attributes)
        {
            if (!schema.Attributes.TryGetValue(name, out var attribute))
            {
                problems.Error($"{node} has the attribute '{name}', which {schema.Operation} does not have since operator set {schema.Since}.");
            }
            else if (!attribute.Fits(value))
            {
                problems.Error($"The attribute '{name}' of {node} is a {(value is OpaqueValue opaque ? opaque.Kind : value.GetType().Name)}; it must be {attribute.Words}.");
            }
        }

        foreach (var (name, _) in schema.Attributes.Where(pair => pair.Value.Required && !node.Attributes.ContainsKey(pair.Key)))
        {
            problems.Error($"{node} lacks the attribute '{name}', which {schema.Operation} requires.");
        }
    }
}
