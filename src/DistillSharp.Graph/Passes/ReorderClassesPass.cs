namespace DistillSharp.Graph.Passes;

/// <summary>
/// Puts the classes of a classifier's first output, <c>[N, classes]</c>, into another order. Where a fully connected layer makes the output, its weights are moved; otherwise a Gather picks
/// the classes at the end. The answers are the same, in the new order.
/// </summary>
/// <param name="order">The old 0-based class of each new one: each once.</param>
public sealed class ReorderClassesPass(IReadOnlyList<int> order) : GraphPass
{
    /// <summary>What works on each class by itself, or on all alike.</summary>
    private static readonly HashSet<string> s_classwise = new(StringComparer.Ordinal) { "Softmax", "LogSoftmax", "Sigmoid", "Identity" };

    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        if (order.Count == 0 || !order.Order().SequenceEqual(Enumerable.Range(0, order.Count)))
        {
            throw new GraphException($"The order [{string.Join(", ", order.Take(20))}] is not one of {order.Count} classes. Name each class once, from 0.");
        }

        var uses = new GraphUses(graph);
        string output = graph.Outputs.FirstOrDefault()?.Name ?? throw new GraphException("The model has no output whose classes could be put in another order.");
        if (Layer(graph, uses, output) is { } layer)
        {
            Move(graph, uses, layer);
            changes.Add("classes moved in the last layer", order.Count);
        }
        else
        {
            Gather(graph, uses, output);
            changes.Add("classes gathered", order.Count);
        }
    }

    /// <summary>The fully connected layer that makes the output, with nothing behind it that mixes classes; null where another operator does.</summary>
    private GraphNode? Layer(ModelGraph graph, GraphUses uses, string output)
    {
        var node = uses.Readers(output).Count == 0 ? uses.Producer(output) : null;
        while (node is { Domain: "" } && s_classwise.Contains(node.Operation) && uses.OnlyReader(node.Inputs[0]) == node)
        {
            node = uses.Producer(node.Inputs[0]);
        }

        return node is { Domain: "", Operation: "Gemm" }
            && graph.FindInitializer(node.InputOrNull(1))?.Data is { Shape.Count: 2 } weight && weight.Shape[AxisOf(node)] == order.Count
            && (node.InputOrNull(2) is not { } bias || (graph.FindInitializer(bias)?.Data is { } numbers && (numbers.Count == 1 || (numbers.Count == order.Count && numbers.Shape[^1] == order.Count))))
            ? node : null;
    }

    private static int AxisOf(GraphNode gemm) => gemm.Int("transB", 0) != 0 ? 0 : 1;

    private void Move(ModelGraph graph, GraphUses uses, GraphNode layer)
    {
        MoveInput(1, AxisOf(layer));
        if (graph.FindInitializer(layer.InputOrNull(2))?.Data is { Count: > 1 } bias)
        {
            MoveInput(2, bias.Shape.Count - 1);
        }

        void MoveInput(int input, int axis)
        {
            var weight = graph.FindInitializer(layer.Inputs[input])!;
            if (uses.OnlyReader(weight.Name) is null)
            {
                // Others read it too: they keep the old order.
                weight = new(uses.Fresh(weight.Name), weight.Data, weight.Trainable) { Initialization = weight.Initialization };
                graph.Add(weight);
                layer.Inputs[input] = weight.Name;
            }

            weight.Data = Moved(weight.Data, axis);
        }
    }

    private TensorData Moved(TensorData data, int axis)
    {
        int element = data.Bytes.Length / (int)data.Count, run = element * (int)data.Shape.Skip(axis + 1).Aggregate(1L, (product, size) => product * size);
        byte[] moved = new byte[data.Bytes.Length];
        for (int start = 0; start < moved.Length; start += run * order.Count)
        {
            for (int i = 0; i < order.Count; i++)
            {
                data.Bytes.Slice(start + (order[i] * run), run).CopyTo(moved.AsSpan(start + (i * run), run));
            }
        }

        return new(data.Type, [.. data.Shape], moved);
    }

    private void Gather(ModelGraph graph, GraphUses uses, string output)
    {
        var producer = uses.Producer(output) ?? throw new GraphException($"No node makes the output '{output}', so its classes cannot be put in another order.");
        string before = uses.Fresh($"{output}_before"), indices = uses.Fresh("class_order");
        producer.Outputs[producer.Outputs.IndexOf(output)] = before;
        foreach (var (node, index) in uses.Readers(output).Where(use => use.Index >= 0))
        {
            node.Inputs[index] = before;
        }

        graph.Add(new(indices, TensorData.Create<long>([.. order.Select(own => (long)own)], [order.Count]), trainable: false));
        var gather = new GraphNode("Gather", [before, indices], [output]);
        gather.Attributes["axis"] = new IntValue(1);
        graph.Nodes.Add(gather);
        graph.KnownValues.Remove(output);
    }
}
