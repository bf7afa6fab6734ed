using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>The functions a file brings along: each is defined once, for declared operator sets, in order, and calls none that calls it.</summary>
internal static class FunctionRules
{
    public static void Check(ModelProto model, List<GraphProblem> problems)
    {
        var functions = new Dictionary<(string, string, string), FunctionProto>();
        foreach (var function in model.Functions)
        {
            string what = $"The function '{function.Domain}.{function.Name}'";
            if (function.Name.Length == 0)
            {
                problems.Error("A function has no name.");
            }

            if (!functions.TryAdd((function.Domain, function.Name, function.Overload), function))
            {
                problems.Error($"{what} is defined twice.");
            }

            if (model.OpsetImport.All(import => import.Domain != function.Domain))
            {
                problems.Error($"{what} is of the domain '{function.Domain}', of which the file names no operator set.");
            }

            foreach (var (names, kind) in new[] { (function.Input, "input"), (function.Output, "output") })
            {
                Once(names, kind, what, problems);
            }

            Once(function.Attribute.Concat(function.AttributeProto.Select(attribute => attribute.Name)), "attribute", what, problems);
            Body(function, what, problems);
        }

        foreach (var function in functions.Values.Where(function => CallsItself(function, functions)))
        {
            problems.Error($"The function '{function.Domain}.{function.Name}' calls itself, or one that calls it.");
        }
    }

    private static void Once(IEnumerable<string> names, string kind, string what, List<GraphProblem> problems)
    {
        foreach (var group in names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Error($"{what} lists the {kind} '{group.Key}' twice.");
        }
    }

    private static void Body(FunctionProto function, string what, List<GraphProblem> problems)
    {
        var scope = new ValueScope();
        foreach (string name in function.Input)
        {
            scope.Add(name);
        }

        AttributeRules.CheckAll(function.Node, inFunction: true, problems);
        long own = FileRules.Opset(function.OpsetImport);
        if (own is 0 or (>= OnnxFile.LowestOpset and <= OnnxFile.HighestOpset))
        {
            // A body of other domains' operators alone names no version of ONNX's own.
            SubgraphRules.CheckNodes(function.Node, "the" + what[3..], scope, new(own == 0 ? OnnxFile.HighestOpset : (int)own, FileRules.Others(function.OpsetImport)), problems);
        }

        foreach (string output in function.Output.Where(output => !scope.Owns(output)))
        {
            problems.Error($"{what} makes no '{output}', which is its output.");
        }
    }

    private static bool CallsItself(FunctionProto function, Dictionary<(string, string, string), FunctionProto> functions)
    {
        var seen = new HashSet<FunctionProto>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<NodeProto>(function.Node);
        while (waiting.TryPop(out var node))
        {
            foreach (var inner in node.Attribute.SelectMany(attribute => attribute.Graphs.Prepend(attribute.G)).OfType<GraphProto>().SelectMany(graph => graph.Node))
            {
                waiting.Push(inner);
            }

            if (!functions.TryGetValue((node.Domain, node.OpType, node.Overload), out var called) || !seen.Add(called))
            {
                continue;
            }

            if (ReferenceEquals(called, function))
            {
                return true;
            }

            foreach (var next in called.Node)
            {
                waiting.Push(next);
            }
        }

        return false;
    }
}
