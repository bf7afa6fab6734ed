using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Passes;

/// <summary>Puts the branch that is always taken in the place of each If whose condition is a constant. Other Ifs stay intact. Fold constants first.</summary>
[Pass("inline-if", "Put the branch that is always taken in the place of each If with a constant condition")]
public sealed class InlineIfPass : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);

        // A branch may hold further Ifs, which are met as the walk goes on.
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node is not { Domain: "", Operation: "If" } || graph.FindInitializer(node.InputOrNull(0))?.Data is not { Type: ElementType.Bool, Count: 1 } condition)
            {
                continue;
            }

            if (!node.Attributes.TryGetValue(condition.Bytes[0] != 0 ? "then_branch" : "else_branch", out var value) || value is not OpaqueValue { Kind: "graph" } opaque)
            {
                throw new GraphException($"{node} lacks the branch that its condition takes.");
            }

            var branch = Subgraphs.Read(opaque);
            if (branch.Outputs.Count != node.Outputs.Count)
            {
                throw new GraphException($"{node} has {node.Outputs.Count} outputs, but its branch has {branch.Outputs.Count}.");
            }

            if (branch.Initializers.FirstOrDefault(initializer => initializer.Data is null) is { Name: { } unread })
            {
                changes.Note($"{node} stays: the weight '{unread}' of its branch cannot be read here.");
                continue;
            }

            graph.Nodes.RemoveAt(i);
            Inline(graph, node, branch, i);
            graph.RemoveUnread([node.Inputs[0]]);
            changes.Add("If inlined");
            i--;
        }
    }

    private static void Inline(ModelGraph graph, GraphNode node, Subgraph branch, int at)
    {
        // The branch's own names must not meet those outside; its outputs take the names of the If's.
        var uses = new GraphUses(graph);
        string prefix = node.Name.Length > 0 ? node.Name : node.Outputs[0];
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var made = branch.Nodes.SelectMany(inner => inner.Outputs).Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
        foreach (var (inner, outer) in branch.Outputs.Zip(node.Outputs).Where(pair => pair.Second.Length > 0 && made.Contains(pair.First)))
        {
            names.TryAdd(inner, outer);
        }

        var weights = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in made.Concat(branch.Initializers.Select(initializer => initializer.Name)).Where(name => !names.ContainsKey(name)))
        {
            names[name] = uses.Fresh($"{prefix}/{name}");
        }

        foreach (var initializer in branch.Initializers)
        {
            graph.Add(new(names[initializer.Name], initializer.Data!, trainable: false));
            weights.Add(names[initializer.Name]);
        }

        foreach (var inner in branch.Nodes)
        {
            graph.Nodes.Insert(at++, Subgraphs.Renamed(inner, names, prefix));
        }

        foreach (var (inner, outer) in branch.Outputs.Zip(node.Outputs).Where(pair => pair.Second.Length > 0 && names.GetValueOrDefault(pair.First, pair.First) != pair.Second))
        {
            graph.Nodes.Insert(at++, new("Identity", [names.GetValueOrDefault(inner, inner)], [outer], $"{prefix}/{outer}"));
        }

        // Outer weights that the branch reads are seen in their roles only now.
        weights.UnionWith(branch.Nodes.SelectMany(inner => inner.Inputs));
        ParameterRoles.Mark(graph, weights);
    }
}
