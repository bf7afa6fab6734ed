using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Text;

/// <summary>Matches where each token attends: the cross-entropy of the student's attention under the teacher's (TextBrewer, Yang et al., arXiv:2002.12620).</summary>
/// <param name="options">The options.</param>
[Plugin("attention-ce", "Attention probabilities, cross-entropy (arXiv:2002.12620)")]
[LossNotes(
    Formula = "− mean over heads and tokens of Σ_k p_t log p_s, p = softmax of scores over all keys; with a mask, over keys and tokens that count; summed over layers",
    Use = "Transformers with the same number of heads, where only what is attended to matters and not by how much scores differ.",
    Paper = "Yang et al., ACL 2020, arXiv:2002.12620",
    Cost = "O(N·heads·L²)")]
public sealed class AttentionCeLoss(AttentionCeLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Optional = LossInput.Mask, Features = FeatureKind.Attention, EqualWidths = true, EqualSizes = true };

    /// <summary>Open: keys are masked after the softmax, so what is left of the teacher's probabilities need not add up to 1.</summary>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Tensor? total = null;
        for (int i = 0; i < inputs.StudentFeatures.Count; i++)
        {
            var teacher = inputs.TeacherFeatures[i];

            // The whole product is cleared, not the probability: a score of minus infinity must not become 0 times infinity.
            var terms = (softmax(teacher, dim: -1) * log_softmax(inputs.StudentFeatures[i], dim: -1)).masked_fill(teacher.le(Number.Of(-options.MaskDepth)), Number.Of(0.0));
            var term = NegativeMean(terms, inputs.Mask);
            total = total is null ? term : total.Plus(term);
        }

        return total!;
    }

    private static Tensor NegativeMean(Tensor terms, Tensor? mask)
    {
        if (mask is null)
        {
            return terms.sum().mul(Number.Of(-(double)terms.shape[3] / terms.NumberOfElements));
        }

        var kept = TokenMask.Of(mask, terms.shape[0], terms.shape[3], terms);
        return TokenMask.SumOfPairs(terms, kept).div(TokenMask.AtLeastOne(kept.sum()).mul(Number.Of(-(double)terms.shape[1])));
    }
}

/// <summary>The options of <see cref="AttentionCeLoss"/>.</summary>
public sealed record AttentionCeLossOptions : FeatureLossOptions
{
    /// <summary>How far below 0 a masked token's score lies, 0 or more: keys whose score in the teacher is at or below minus this are left out. Default 100; TextBrewer's is 0.001, which leaves out half of all keys.</summary>
    public double MaskDepth
    {
        get;
        init => field = AttentionScores.Depth(value, nameof(MaskDepth));
    } = AttentionScores.MaskDepth;
}
