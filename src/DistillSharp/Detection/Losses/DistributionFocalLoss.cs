using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Losses;

/// <summary>
/// Where a box's side is, as a distribution over whole distances (Li et al., Generalized Focal Loss, arXiv:2006.04388): the cross-entropy
/// against the two distances beside the true one, each by its nearness.
/// </summary>
internal static class DistributionFocalLoss
{
    // The last distance has nothing beyond it; this keeps the pair beside the true one inside.
    private const double Margin = 0.01;

    /// <summary>The loss of each box, mean over its sides.</summary>
    /// <param name="logs">Logarithms of the probabilities, <c>[P, 4, R]</c>.</param>
    /// <param name="distances">The true distances in cells, <c>[P, 4]</c>; those outside 0 to R - 1 are taken as the nearest inside.</param>
    /// <returns><c>[P]</c>.</returns>
    public static Tensor Of(Tensor logs, Tensor distances)
    {
        var wanted = distances.clamp(Number.Of(0.0), Number.Of(logs.shape[2] - 1 - Margin));
        var below = wanted.floor();
        var nearnessAbove = wanted - below;
        var nearnessBelow = nearnessAbove.neg().Plus(Number.Of(1.0));
        var index = below.to(ScalarType.Int64).unsqueeze(2);
        var logBelow = logs.gather(2, index).squeeze(2);
        var logAbove = logs.gather(2, index.Plus(Number.Of(1L))).squeeze(2);
        return ((logBelow * nearnessBelow).Plus((logAbove * nearnessAbove))).mean([1]).neg();
    }
}
