namespace DistillSharp.Execution;

/// <summary>Where a weight or statistic lies in its flat buffer.</summary>
/// <param name="Name">The initialiser's name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Its first element in the buffer.</param>
/// <param name="Count">Its number of elements.</param>
public sealed record Parameter(string Name, IReadOnlyList<long> Shape, long Offset, long Count)
{
    /// <summary>Whether weight decay concerns it: matrices and filters, not biases and the scales of norms.</summary>
    public bool IsMatrix => Shape.Count >= 2;
}
