using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>Neuron selectivity transfer: the maximum mean discrepancy between the channels of both maps, with the squared inner product as kernel (Huang and Wang, arXiv:1707.01219).</summary>
/// <param name="options">The options.</param>
[Plugin("nst", "Neuron selectivity: distributions of channels' patterns (arXiv:1707.01219)")]
[LossNotes(
    Formula = "Σ over pairs of mean k(t, t) + mean k(s, s) − 2 mean k(s, t); k(a, b) = (a·b)² of channels with norm 1",
    Use = "Student and teacher of any widths. Published weight 50.",
    Paper = "Huang, Wang, 2017, arXiv:1707.01219; as in CRD's comparison, Tian et al., arXiv:1910.10699",
    Cost = "O(N·C²·H·W)")]
public sealed class NstLoss(NstLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Maps };

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return FeaturePairs.Sum(inputs, [], Term);
    }

    private static Tensor Term(Tensor student, Tensor teacher)
    {
        var (s, t) = MapSizes.Meet(student, teacher);
        var (a, b) = (Patterns(s), Patterns(t));
        return Kernel(b, b).Plus(Kernel(a, a)) - Kernel(a, b).mul(Number.Of(2));
    }

    private static Tensor Patterns(Tensor map) => normalize(map.flatten(2), p: 2, dim: 2, eps: 1e-12);

    private static Tensor Kernel(Tensor a, Tensor b) => a.bmm(b.transpose(1, 2)).Squared().mean();
}

/// <summary>The options of <see cref="NstLoss"/>.</summary>
public sealed record NstLossOptions : FeatureLossOptions;
