using DistillSharp.Graph.Analysis.Roles;

namespace DistillSharp.Execution;

/// <summary>Where a weight or statistic lies in its flat buffer.</summary>
/// <param name="Name">The initialiser's name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Its first element in the buffer.</param>
/// <param name="Count">Its number of elements.</param>
/// <param name="Role">What the graph does with it.</param>
public sealed record Parameter(string Name, IReadOnlyList<long> Shape, long Offset, long Count, ParameterRole Role)
{
    /// <summary>Whether weight decay concerns it: weights alone, whatever their shape; no biases, scales, slopes and embeddings.</summary>
    public bool Decays => Role == ParameterRole.Weight;
}
