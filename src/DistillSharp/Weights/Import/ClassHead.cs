using DistillSharp.Graph;

namespace DistillSharp.Weights.Import;

/// <summary>The layer of a classifier that answers its classes.</summary>
internal static class ClassHead
{
    /// <summary>The weight of the last layer before the first output, whose first dimension is the classes; null if there is none.</summary>
    /// <param name="graph">The model.</param>
    public static Initializer? WeightOf(ModelGraph graph)
    {
        string value = graph.Outputs[0].Name;
        foreach (var node in graph.Nodes.Reverse().SkipWhile(node => !node.Outputs.Contains(value)))
        {
            if (node.Outputs.Contains(value))
            {
                if (node.Inputs.Select(graph.FindInitializer).FirstOrDefault(weight => weight is { Trainable: true, Data.Shape.Count: >= 2 }) is { } found)
                {
                    return found;
                }

                value = node.Inputs.Count > 0 ? node.Inputs[0] : "";
            }
        }

        return null;
    }

    /// <summary>The module of a weight: <c>fc</c> of <c>fc.weight</c>.</summary>
    /// <param name="weight">The weight's name.</param>
    public static string ModuleOf(string weight) => weight.LastIndexOf('.') is > 0 and var end ? weight[..end] : weight;
}
