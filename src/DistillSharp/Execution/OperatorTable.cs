using System.Collections.Frozen;
using System.Reflection;

namespace DistillSharp.Execution;

/// <summary>The operators the executor trains, found by their <see cref="OperatorAttribute"/>.</summary>
public static class OperatorTable
{
    private static readonly FrozenDictionary<string, (Func<NodeContext, Kernel> Compile, string Note)> s_compilers = Find();

    /// <summary>The names of the covered operators, sorted.</summary>
    public static IReadOnlyList<string> Covered { get; } = [.. s_compilers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What should be known of a covered operator: a bound, or a choice where ONNX leaves one; empty if nothing.</summary>
    /// <param name="operation">The operator's name.</param>
    public static string NoteOf(string operation) => s_compilers.TryGetValue(operation, out var found) ? found.Note : "";

    /// <summary>Compiles a node.</summary>
    /// <param name="node">The node in its graph.</param>
    /// <exception cref="OperatorNotCoveredException">The operator is not covered.</exception>
    internal static Kernel Compile(NodeContext node)
    {
        bool own = node.Node.Domain is "" or "ai.onnx";
        if (!own || !s_compilers.TryGetValue(node.Node.Operation, out var found))
        {
            string name = own ? node.Node.Operation : $"{node.Node.Domain}.{node.Node.Operation}";
            throw new OperatorNotCoveredException(node.Node, $"the operator {name} is not covered. Covered are {string.Join(", ", Covered)}.");
        }

        return found.Compile(node);
    }

    private static FrozenDictionary<string, (Func<NodeContext, Kernel> Compile, string Note)> Find()
    {
        var found = new Dictionary<string, (Func<NodeContext, Kernel> Compile, string Note)>(StringComparer.Ordinal);
        var methods = typeof(OperatorTable).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
        foreach (var method in methods)
        {
            if (method.GetCustomAttribute<OperatorAttribute>() is { } attribute)
            {
                var compile = method.CreateDelegate<Func<NodeContext, Kernel>>();
                foreach (string name in attribute.Names)
                {
                    found.Add(name, (compile, attribute.Note));
                }
            }
        }

        return found.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
