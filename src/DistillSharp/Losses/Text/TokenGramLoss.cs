using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Text;

/// <summary>Matches how features go together over a text, in one layer or from one layer to the next: the flow of Yim et al. (CVPR 2017) for tokens (TextBrewer, arXiv:2002.12620).</summary>
/// <param name="options">The options.</param>
[Plugin("token-gram", "Products of features over a text across layers (arXiv:2002.12620)")]
[LossNotes(
    Formula = "mean of (G_s − G_t)², G = Aᵀ B / L for hidden states A and B of two layers and L tokens, those that count where there is a mask; summed over steps",
    Use = "Transformers of equal widths; texts need not keep their order. Tap one layer, or several to compare each with the next.",
    Paper = "Yim et al., CVPR 2017; Yang et al., ACL 2020, arXiv:2002.12620",
    Cost = "O(N·L·D²)")]
public sealed class TokenGramLoss(TokenGramLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Optional = LossInput.Mask, Features = FeatureKind.Tokens, EqualWidths = true };

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        LayerSteps.Require(nameof(TokenGramLoss), shapes);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var first = inputs.StudentFeatures[0];
        var kept = inputs.Mask is null ? null : TokenMask.Of(inputs.Mask, first.shape[0], first.shape[1], first);

        // A token left out of one factor is out of the product.
        var shares = kept is null ? null : (kept / TokenMask.AtLeastOne(kept.sum(1, keepdim: true))).unsqueeze(2);
        Tensor? total = null;
        foreach (var (student, teacher) in LayerSteps.Of(inputs.StudentFeatures).Zip(LayerSteps.Of(inputs.TeacherFeatures)))
        {
            var term = mse_loss(Products(student.From, student.To, shares), Products(teacher.From, teacher.To, shares));
            total = total is null ? term : total.Plus(term);
        }

        return total!;
    }

    private static Tensor Products(Tensor from, Tensor to, Tensor? shares) =>
        (shares is null ? from.div(Number.Of((double)from.shape[1])) : from * shares).transpose(1, 2).bmm(to);
}

/// <summary>The options of <see cref="TokenGramLoss"/>.</summary>
public sealed record TokenGramLossOptions : FeatureLossOptions;
