namespace DistillSharp.Graph.Passes;

/// <summary>
/// Removes Identity nodes, Dropout nodes, and nodes that change nothing: a Transpose that keeps the order, a Cast to the type a value has, a Concat
/// of one, a Pad of zeros. Executors that train the graph lose its Dropout, so this is a pass for what is only run.
/// </summary>
/// <remarks>A node between an input and an output stays: the caller knows both names.</remarks>
/// <param name="options">What is removed.</param>
[Pass("remove-identity", "Remove Identity, Dropout and other nodes that change nothing when the model is run")]
public sealed class RemoveIdentityPass(RemoveIdentityOptions options) : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        Analysis.ShapeInference.Infer(graph);
        var idle = new HashSet<GraphNode>(graph.Nodes.Where(node => ChangesNothing(graph, node)), ReferenceEqualityComparer.Instance);
        var names = new ValueAliases(graph);
        var read = new List<string>();
        var kept = new List<GraphNode>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
        {
            string input = names.Resolve(node.InputOrNull(0) ?? ""), output = node.Outputs.FirstOrDefault() ?? "";
            if (!idle.Contains(node))
            {
                kept.Add(node);
            }
            else if (node.Outputs.Skip(1).Any(names.Uses.IsNeeded))
            {
                kept.Add(node);
                changes.Note($"{node} stays: its mask is read.");
            }
            else if (names.Join(input, output))
            {
                read.AddRange(node.Inputs);
                changes.Add($"{node.Operation} removed");
            }
            else
            {
                kept.Add(node);
                changes.Note($"{node} stays: '{input}' and '{output}' are both known outside.");
            }
        }

        graph.Nodes.Clear();
        kept.ForEach(graph.Nodes.Add);
        names.Apply();
        graph.RemoveUnread(read);
    }

    private bool ChangesNothing(ModelGraph graph, GraphNode node) => node.Domain.Length == 0 && node.InputOrNull(0) is not null && node.Operation switch
    {
        "Identity" => true,
        "Dropout" => options.Dropout && graph.FindInitializer(node.InputOrNull(2))?.Data.Bytes.ContainsAnyExcept((byte)0) != true && (node.InputOrNull(2) is null || graph.FindInitializer(node.Inputs[2]) is not null),
        "Transpose" => node.Ints("perm") is { } perm && perm.SequenceEqual(Enumerable.Range(0, perm.Count).Select(i => (long)i)),
        "Cast" => Analysis.ShapeInference.Find(graph, node.Inputs[0])?.Type is { } type && type != ElementType.Undefined && (long)type == node.Int("to", 0),
        "Concat" => node.Inputs.Count == 1,
        "Pad" => (graph.Opset < 11 ? node.Ints("pads")?.ToArray()
            : (graph.FindInitializer(node.InputOrNull(1))?.Data is { Type: ElementType.Int64 } pads ? pads.ToLongs() : null))?.All(pad => pad == 0) ?? false,
        _ => false,
    };
}

/// <summary>The options of <see cref="RemoveIdentityPass"/>.</summary>
public sealed record RemoveIdentityOptions
{
    /// <summary>Whether Dropout is removed; without it a student that is trained on overfits more. Default true.</summary>
    public bool Dropout { get; init; } = true;
}
