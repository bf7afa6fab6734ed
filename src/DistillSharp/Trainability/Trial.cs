using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Comparison;

namespace DistillSharp.Trainability;

/// <summary>A model with every size settled, and what it is fed.</summary>
/// <param name="Graph">The model, its inputs declared with the sizes that are fed; weights are shared with the model it comes from.</param>
/// <param name="Inputs">What is fed, by name.</param>
/// <param name="Macs">The multiply-accumulates of one forward of the batch, as far as they are known.</param>
/// <param name="Note">What was done to the batch, for the report; empty if nothing.</param>
internal sealed record Trial(ModelGraph Graph, IReadOnlyDictionary<string, TensorData> Inputs, double Macs, string Note)
{
    /// <summary>Settles every size of a model.</summary>
    /// <exception cref="GraphException">A size is not known, or contradicts an operator.</exception>
    public static Trial Prepare(ModelGraph graph, TrainabilityOptions options)
    {
        var (freed, note) = FreeBatch(graph, options.Trial);
        var shapes = TrialInputs.Shapes(freed, options.Trial);
        var settled = Shallow(freed);
        for (int i = 0; i < settled.Inputs.Count; i++)
        {
            settled.Inputs[i] = settled.Inputs[i] with { Shape = [.. shapes[settled.Inputs[i].Name].Select(Dimension.Of)] };
        }

        ShapeInference.Infer(settled);
        int batch = (int)(shapes.Values.First() is [var first, ..] ? first : 1);
        var inputs = settled.Inputs.ToDictionary(input => input.Name, input => TrialInputs.Create(input, shapes[input.Name], options.Trial.Seed), StringComparer.Ordinal);
        return new(settled, inputs, (ModelStatistics.MacsOf(settled) ?? 0) * (double)batch, note);
    }

    /// <summary>A file for one picture is tried as it would be trained: with its batch freed.</summary>
    private static (ModelGraph Graph, string Note) FreeBatch(ModelGraph graph, TrialOptions options)
    {
        long?[] batches = [.. graph.Inputs.Select(input => input.Shape is [var first, ..] ? first.Size : null).Distinct()];
        if (batches is not [{ } size] || size == options.Batch || options.Shapes.Count > 0)
        {
            return (graph, "");
        }

        try
        {
            return (new DynamicBatchPass(new()).Apply(graph).Graph, $", the file's batch of {size} freed first");
        }
        catch (GraphException error)
        {
            throw new GraphException($"its batch is fixed to {size} and cannot be freed: {error.Message}", error);
        }
    }

    /// <summary>A graph of its own over the same nodes and the same elements.</summary>
    private static ModelGraph Shallow(ModelGraph graph)
    {
        var copy = new ModelGraph { Name = graph.Name, Opset = graph.Opset };
        foreach (var (domain, version) in graph.OtherOpsets)
        {
            copy.OtherOpsets.Add(domain, version);
        }

        graph.Inputs.ToList().ForEach(copy.Inputs.Add);
        graph.Outputs.ToList().ForEach(copy.Outputs.Add);
        graph.Nodes.ToList().ForEach(copy.Nodes.Add);
        foreach (var initializer in graph.Initializers)
        {
            copy.Add(initializer);
        }

        return copy;
    }
}
