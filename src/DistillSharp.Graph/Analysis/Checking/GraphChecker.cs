namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>Holds a graph to the rules that ONNX publishes. Every broken rule is listed at once, each naming its node or value.</summary>
public static class GraphChecker
{
    /// <summary>Checks a graph.</summary>
    /// <param name="graph">The graph; it is not changed.</param>
    /// <returns>What is wrong; empty if nothing is.</returns>
    public static IReadOnlyList<GraphProblem> Check(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var problems = new List<GraphProblem>();
        NameRules.Check(graph, problems);
        NodeRules.Check(graph, problems);

        // Where names are not in order, types cannot be followed from node to node.
        if (!problems.Any(problem => problem.IsError))
        {
            TypeRules.Check(graph, problems);
        }

        return problems;
    }

    /// <summary>Refuses a graph that breaks a rule; warnings are let pass.</summary>
    /// <param name="graph">The graph; it is not changed.</param>
    /// <exception cref="GraphException">The graph breaks rules; the message lists all of them.</exception>
    public static void Require(ModelGraph graph)
    {
        var errors = Check(graph).Where(problem => problem.IsError).ToList();
        if (errors.Count > 0)
        {
            throw new GraphException($"The graph is no valid ONNX model: {string.Join(" ", errors.Select(problem => problem.Message))}");
        }
    }

    /// <summary>Notes a broken rule.</summary>
    internal static void Error(this List<GraphProblem> problems, string message) => problems.Add(new(true, message));
}
