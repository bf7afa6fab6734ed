using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Text;

/// <summary>Matches how similar tokens are to each other, in one layer or from one layer to the next: the products of their hidden states (after Huang and Wang, arXiv:1707.01219; TextBrewer, arXiv:2002.12620).</summary>
/// <param name="options">The options.</param>
[Plugin("token-mmd", "Products of tokens' hidden states across layers (arXiv:2002.12620)")]
[LossNotes(
    Formula = "mean over pairs of tokens of (G_s − G_t)², G = A Bᵀ / D for hidden states A and B of two layers; with a mask, over pairs of which both count; summed over steps",
    Use = "Transformers of any two widths and the same tokens: no adapter needed. Tap one layer, or several to compare each with the next.",
    Paper = "Huang, Wang, 2017, arXiv:1707.01219; Yang et al., ACL 2020, arXiv:2002.12620",
    Cost = "O(N·L²·D)")]
public sealed class TokenMmdLoss(TokenMmdLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Optional = LossInput.Mask, Features = FeatureKind.Tokens };

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        LayerSteps.Require(nameof(TokenMmdLoss), shapes);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Tensor? total = null;
        foreach (var (student, teacher) in LayerSteps.Of(inputs.StudentFeatures).Zip(LayerSteps.Of(inputs.TeacherFeatures)))
        {
            var (s, t) = (Products(student.From, student.To), Products(teacher.From, teacher.To));
            var term = inputs.Mask is null ? mse_loss(s, t) : TokenMask.MeanOfPairs((s - t).Squared(), inputs.Mask);
            total = total is null ? term : total.Plus(term);
        }

        return total!;
    }

    private static Tensor Products(Tensor from, Tensor to) => from.bmm(to.transpose(1, 2)).div(Number.Of((double)from.shape[2]));
}

/// <summary>The options of <see cref="TokenMmdLoss"/>.</summary>
public sealed record TokenMmdLossOptions : FeatureLossOptions;
