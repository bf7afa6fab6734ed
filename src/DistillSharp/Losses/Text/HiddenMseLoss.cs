using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Text;

/// <summary>Matches hidden states: their mean squared difference, behind a trained projection where widths differ (Jiao et al., arXiv:1909.10351; TextBrewer, arXiv:2002.12620).</summary>
/// <param name="options">The options.</param>
[Plugin("hidden-mse", "Hidden states, mean squared difference (arXiv:1909.10351)")]
[LossNotes(
    Formula = "mean over tokens and width of (W s + b − t)²; with a mask, over tokens that count; no W where widths agree; summed over layers",
    Use = "Transformers of any two widths and the same tokens.",
    Paper = "Jiao et al., EMNLP 2020 Findings, arXiv:1909.10351; Yang et al., ACL 2020, arXiv:2002.12620",
    Cost = "one linear projection a pair of unequal widths; O(N·L·D)")]
public sealed class HiddenMseLoss(HiddenMseLossOptions options) : ProjectedTokenLoss(options)
{
    /// <inheritdoc/>
    protected override Tensor Term(Tensor student, Tensor teacher, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        return mask is null ? mse_loss(student, teacher) : TokenMask.Mean((student - teacher).Squared().mean([-1]), mask);
    }
}

/// <summary>The options of <see cref="HiddenMseLoss"/>.</summary>
public sealed record HiddenMseLossOptions : FeatureLossOptions;
