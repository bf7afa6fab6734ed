using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Response;

/// <summary>The mean over rows of logits of something summed over their classes.</summary>
internal static class RowMean
{
    /// <summary>The sum over classes, the mean over the rows that count.</summary>
    /// <param name="terms">One value a class, classes last.</param>
    /// <param name="mask">1 for rows that count, 0 for others; a mask that is not of these rows (of tokens, where logits are of whole texts) says nothing of them. Null where all count.</param>
    /// <param name="factor">What it is multiplied by besides.</param>
    public static Tensor Of(Tensor terms, Tensor? mask, double factor = 1)
        => mask is not null && LossShapes.HasOnePerRow(terms, mask)
            ? (terms.sum(-1) * mask).sum().mul(Number.Of(factor)) / mask.sum().clamp_min(Number.Of(1L))
            : terms.sum().mul(Number.Of(factor / (terms.NumberOfElements / terms.size(-1))));
}
