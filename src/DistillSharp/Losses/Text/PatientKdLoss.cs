using DistillSharp.Native;
using DistillSharp.Tasks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Text;

/// <summary>Matches the first token's hidden state, each divided by its norm, in several layers (patient knowledge distillation, Sun et al., arXiv:1908.09355).</summary>
/// <param name="options">The options.</param>
[Plugin("patient-kd", "The first token's normalised hidden states (arXiv:1908.09355)")]
[LossNotes(
    Formula = "mean over the batch of |s/|s| − t/|t||², s and t of token 0, s behind a linear projection where widths differ; summed over layers",
    Use = "Classifiers that read the first token: tap every second or third layer of the teacher. Published weight 10 to 1000.",
    Paper = "Sun et al., EMNLP 2019, arXiv:1908.09355",
    Cost = "one linear projection a pair of unequal widths; O(N·D)")]
public sealed class PatientKdLoss(PatientKdLossOptions options) : ProjectedTokenLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Tokens };

    /// <inheritdoc/>
    protected override Tensor Pick(Tensor feature)
    {
        ArgumentNullException.ThrowIfNull(feature);
        return feature.dim() == 3 ? feature.select(1, 0) : feature;
    }

    /// <inheritdoc/>
    protected override Tensor Term(Tensor student, Tensor teacher, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        return mse_loss(normalize(student, p: 2, dim: -1, eps: 1e-12), normalize(teacher, p: 2, dim: -1, eps: 1e-12), nn.Reduction.Sum).div(Number.Of((double)student.shape[0]));
    }
}

/// <summary>The options of <see cref="PatientKdLoss"/>.</summary>
public sealed record PatientKdLossOptions : FeatureLossOptions;
