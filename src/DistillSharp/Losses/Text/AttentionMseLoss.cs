using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Text;

/// <summary>Matches attention scores before the softmax: their mean squared difference (TinyBERT, Jiao et al., arXiv:1909.10351; masked as in TextBrewer, arXiv:2002.12620).</summary>
/// <param name="options">The options.</param>
[Plugin("attention-mse", "Attention scores, mean squared difference (arXiv:1909.10351)")]
[LossNotes(
    Formula = "mean over heads and pairs of tokens of (s − t)²; with a mask, over pairs of which both count; summed over layers",
    Use = "Transformers with the same number of heads; widths may differ.",
    Paper = "Jiao et al., EMNLP 2020 Findings, arXiv:1909.10351; Yang et al., ACL 2020, arXiv:2002.12620",
    Cost = "O(N·heads·L²)")]
public sealed class AttentionMseLoss(AttentionMseLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Optional = LossInput.Mask, Features = FeatureKind.Attention, EqualWidths = true, EqualSizes = true };

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Tensor? total = null;
        for (int i = 0; i < inputs.StudentFeatures.Count; i++)
        {
            var student = AttentionScores.Kept(inputs.StudentFeatures[i], -options.MaskDepth);
            var teacher = AttentionScores.Kept(inputs.TeacherFeatures[i], -options.MaskDepth);
            var term = inputs.Mask is null ? mse_loss(student, teacher) : TokenMask.MeanOfPairs((student - teacher).Squared(), inputs.Mask);
            total = total is null ? term : total.Plus(term);
        }

        return total!;
    }
}

/// <summary>The options of <see cref="AttentionMseLoss"/>.</summary>
public sealed record AttentionMseLossOptions : FeatureLossOptions
{
    /// <summary>How far below 0 a masked token's score lies, 0 or more: scores at or below minus this count as 0 on both sides. Default 100, TinyBERT's; TextBrewer's 0.001 is meant for probabilities and takes half of all scores away.</summary>
    public double MaskDepth
    {
        get;
        init => field = AttentionScores.Depth(value, nameof(MaskDepth));
    } = AttentionScores.MaskDepth;
}
