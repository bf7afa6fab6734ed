using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Quantization;

/// <summary>
/// Brings a quantised graph from training form into deployed form: weights become the integers they are rounded to, biases become int32 at
/// input scale times weight scale, and what only training needs goes (draws, flags, the shapes of inner values).
/// </summary>
[Pass("deploy-quantized", "Store the weights of a quantised graph as INT8 and its biases as int32")]
public sealed class DeployQuantizedPass : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        var pool = new ConstantPool(graph);
        var pairs = new QuantizedWeights(graph, pool);
        foreach (var node in graph.Nodes.Where(node => node is { Domain: "", Operation: "Conv" or "ConvTranspose" or "Gemm" }).ToList())
        {
            if (pairs.StoreBias(node))
            {
                changes.Add("biases stored as int32");
            }
        }

        changes.Add("weights stored as integers", pairs.StoreWeights());
        graph.KnownValues.Clear();
        var read = graph.Initializers.Select(initializer => initializer.Name).ToList();
        graph.RemoveUnread(read);
    }
}
