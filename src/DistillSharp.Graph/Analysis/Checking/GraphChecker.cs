using DistillSharp.Graph.Format;

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

    /// <summary>Checks a file: the rules of the format that a graph in memory keeps by itself or no longer shows, then the graph.</summary>
    /// <param name="path">The ONNX file; weights beside it are found.</param>
    /// <returns>What is wrong; empty if nothing is.</returns>
    /// <exception cref="GraphException">The file is no ONNX file at all; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<GraphProblem> CheckFile(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            return CheckFile(bytes, Path.GetDirectoryName(Path.GetFullPath(path)));
        }
        catch (GraphException error)
        {
            throw new GraphException($"'{path}' cannot be read as an ONNX model: {error.Message}", error);
        }
    }

    /// <summary>Checks a file's bytes.</summary>
    /// <param name="bytes">The bytes; weights in other files are not looked for.</param>
    /// <returns>What is wrong; empty if nothing is.</returns>
    /// <exception cref="GraphException">The bytes are no ONNX file at all.</exception>
    public static IReadOnlyList<GraphProblem> CheckFile(ReadOnlyMemory<byte> bytes) => CheckFile(bytes, folder: null);

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

    private static List<GraphProblem> CheckFile(ReadOnlyMemory<byte> bytes, string? folder)
    {
        var problems = new List<GraphProblem>();
        FileRules.Check(OnnxFile.Parse(bytes), problems);
        if (problems.Any(problem => problem.IsError))
        {
            return problems;
        }

        try
        {
            var told = problems.Select(problem => problem.Message).ToHashSet(StringComparer.Ordinal);
            problems.AddRange(Check(OnnxFile.Read(bytes, folder)).Where(problem => !told.Contains(problem.Message)));
        }
        catch (GraphException error)
        {
            problems.Error(char.ToUpperInvariant(error.Message[0]) + error.Message[1..]);
        }

        return problems;
    }

    /// <summary>Notes a broken rule.</summary>
    internal static void Error(this List<GraphProblem> problems, string message) => problems.Add(new(true, message));
}
