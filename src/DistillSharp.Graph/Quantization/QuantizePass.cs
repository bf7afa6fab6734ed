using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Quantization;

/// <summary>
/// Brings a float graph into the training form of a quantised one: QuantizeLinear and DequantizeLinear around every value and weight that is
/// to be INT8, weights and biases still float (Jacob et al., arXiv:1712.05877). A Relu or Clip that the integers' own ends do is dropped.
/// </summary>
/// <remarks>A quantised value keeps its name: it is what DequantizeLinear gives. <see cref="DeployQuantizedPass"/> makes the file that runs fast.</remarks>
/// <param name="options">How it is quantised.</param>
/// <param name="ranges">The range of each value that <see cref="QuantizationPlan.Observed"/> names.</param>
public sealed class QuantizePass(QuantizationOptions options, IReadOnlyDictionary<string, QuantizationRange> ranges) : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        var plan = QuantizationPlan.Of(graph, options);
        var parameters = ChooseParameters(plan);
        var writer = new QuantizedNodes(graph, plan, options, parameters);
        foreach (var input in graph.Inputs)
        {
            writer.QuantizeFloat(input.Name);
        }

        foreach (var node in graph.Nodes)
        {
            writer.Write(node);
        }

        graph.Nodes.Clear();
        foreach (var node in writer.Nodes)
        {
            graph.Nodes.Add(node);
        }

        graph.RemoveUnread(writer.Dropped);
        foreach (var group in plan.Weighted.GroupBy(node => node.Operation))
        {
            changes.Add($"{group.Key} quantised", group.Count());
        }

        changes.Add("other nodes quantised", plan.Nodes.Count - plan.Weighted.Count);
        changes.Add("values quantised", plan.Values.Count);
        foreach (string note in plan.Notes)
        {
            changes.Note(note);
        }
    }

    private Dictionary<string, QuantizationParameters> ChooseParameters(QuantizationPlan plan)
    {
        var scheme = options.Scheme;
        var parameters = new Dictionary<string, QuantizationParameters>(StringComparer.Ordinal);
        foreach (var group in plan.Values.GroupBy(value => value.Group))
        {
            QuantizationRange? range = null;
            foreach (var value in group.Where(value => value.IsObserved))
            {
                var seen = ranges.TryGetValue(value.Name, out var found) ? found : throw new GraphException($"No range is known for the value '{value.Name}'. Calibrate the graph that is quantised.");
                range = range?.Union(seen) ?? seen;
            }

            var chosen = QuantizationParameters.Of(range ?? new(0, 0), scheme.Activations, options.SymmetricActivations);
            foreach (var value in group)
            {
                parameters[value.Name] = chosen;
            }
        }

        return parameters;
    }
}
