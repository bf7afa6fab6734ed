namespace DistillSharp.Weights;

/// <summary>What became of a checkpoint's tensors.</summary>
/// <param name="Loaded">The weights that were put into the model.</param>
/// <param name="Redrawn">The weights that were drawn anew, because their shape differs and that was allowed.</param>
/// <param name="Ignored">The checkpoint's tensors that a graph has no use for: counters of batches, and the frozen 0, 1, 2, ... of a box decoder.</param>
public sealed record GraphWeightsReport(IReadOnlyList<string> Loaded, IReadOnlyList<string> Redrawn, IReadOnlyList<string> Ignored);
