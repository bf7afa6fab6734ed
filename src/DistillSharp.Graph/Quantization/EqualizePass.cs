using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Quantization;

/// <summary>
/// Evens out the ranges of channels between two layers: what the first makes smaller the second makes larger again, which a Relu between them
/// lets through (Nagel et al., arXiv:1906.04721, section 4.1). The outputs stay the same.
/// </summary>
/// <remarks>Layers are equalised where nothing else reads what lies between them, and only Relu, LeakyRelu or pooling does.</remarks>
[Pass("equalize", "Even out the ranges of channels between layers before quantising (arXiv:1906.04721)")]
public sealed class EqualizePass : GraphPass
{
    private const int MostRounds = 20;
    private const double Enough = 1e-3;

    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        var pairs = LayerPair.FindAll(graph);
        for (int round = 0; round < MostRounds; round++)
        {
            double moved = pairs.Select(pair => pair.Equalize(graph)).DefaultIfEmpty(0).Max();
            if (moved < Enough)
            {
                break;
            }
        }

        changes.Add("pairs of layers equalised", pairs.Count);
    }
}
