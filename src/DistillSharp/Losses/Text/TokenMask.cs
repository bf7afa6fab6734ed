using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Text;

/// <summary>Means over the tokens that count. Where none does, a mean is 0.</summary>
internal static class TokenMask
{
    /// <summary>A mask as numbers of a tensor's precision, <c>[N, L]</c>.</summary>
    /// <param name="mask">1 or 0, <c>[N, L]</c>.</param>
    /// <param name="samples">N.</param>
    /// <param name="tokens">L.</param>
    /// <param name="like">The tensor.</param>
    public static Tensor Of(Tensor mask, long samples, long tokens, Tensor like) => mask.dim() == 2 && mask.shape[0] == samples && mask.shape[1] == tokens
        ? mask.to(like.dtype, like.device)
        : throw new ArgumentException($"The mask is {LossShapes.Text(mask.shape)}, but there are {samples} samples of {tokens} tokens: it must be [{samples}, {tokens}].", nameof(mask));

    /// <summary>The mean of values of tokens, <c>[N, L]</c>, or of samples where there is no mask.</summary>
    public static Tensor Mean(Tensor values, Tensor? mask)
    {
        if (mask is null)
        {
            return values.mean();
        }

        var kept = Of(mask, values.shape[0], values.dim() > 1 ? values.shape[1] : 1, values);
        return (values * kept).sum().div(AtLeastOne(kept.sum()));
    }

    /// <summary>The mean of values of pairs of tokens, <c>[N, L, L]</c> or <c>[N, heads, L, L]</c>: pairs of which both count.</summary>
    public static Tensor MeanOfPairs(Tensor values, Tensor? mask)
    {
        if (mask is null)
        {
            return values.mean();
        }

        var kept = Of(mask, values.shape[0], values.shape[^1], values);
        double heads = values.dim() == 4 ? values.shape[1] : 1;
        return SumOfPairs(values, kept).div(AtLeastOne(kept.sum(1).Squared().sum()).mul(Number.Of(heads)));
    }

    /// <summary>The sum of values of pairs of tokens of which both count.</summary>
    /// <param name="values"><c>[N, L, L]</c> or <c>[N, heads, L, L]</c>.</param>
    /// <param name="kept">What <see cref="Of"/> gives.</param>
    public static Tensor SumOfPairs(Tensor values, Tensor kept)
    {
        var pairs = values.dim() == 4 ? values.sum(1) : values;
        return pairs.bmm(kept.unsqueeze(2)).squeeze(2).mul(kept).sum();
    }

    /// <summary>A number of tokens to divide by.</summary>
    public static Tensor AtLeastOne(Tensor count) => count.clamp_min(Number.Of(1.0));
}
