using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Text;

/// <summary>Matches the direction of hidden states: one minus the cosine of each token's, behind a trained projection where widths differ (DistilBERT, Sanh et al., arXiv:1910.01108).</summary>
/// <param name="options">The options.</param>
[Plugin("hidden-cosine", "Hidden states, cosine distance (arXiv:1910.01108)")]
[LossNotes(
    Formula = "mean over tokens of 1 − cos(W s + b, t); with a mask, over tokens that count; no W where widths agree; summed over layers",
    Use = "Where directions matter and lengths do not; weight 1 beside soft labels in DistilBERT.",
    Paper = "Sanh et al., 2019, arXiv:1910.01108",
    Cost = "one linear projection a pair of unequal widths; O(N·L·D)")]
public sealed class HiddenCosineLoss(HiddenCosineLossOptions options) : ProjectedTokenLoss(options)
{
    // Added to each squared norm, as PyTorch's cosine embedding loss does: a token of zeros has a finite gradient.
    private const double Epsilon = 1e-12;

    /// <inheritdoc/>
    protected override Tensor Term(Tensor student, Tensor teacher, Tensor? mask) => TokenMask.Mean(Distance(student, teacher), mask);

    /// <summary>One minus the cosine along the last dimension.</summary>
    /// <param name="student">Hidden states.</param>
    /// <param name="teacher">Hidden states of the same shape.</param>
    internal static Tensor Distance(Tensor student, Tensor teacher)
    {
        var cosine = (student * teacher).sum(-1).mul(Inverse(student)).mul(Inverse(teacher));
        return cosine.neg().Plus(Number.Of(1.0));
    }

    private static Tensor Inverse(Tensor vectors) => vectors.Squared().sum(-1).Plus(Number.Of(Epsilon)).rsqrt();
}

/// <summary>The options of <see cref="HiddenCosineLoss"/>.</summary>
public sealed record HiddenCosineLossOptions : FeatureLossOptions;
