using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>Attention transfer: matches where in the picture the channels' energy lies (Zagoruyko and Komodakis, arXiv:1612.03928).</summary>
/// <param name="options">The options.</param>
[Plugin("at", "Attention transfer: where the energy of all channels lies (arXiv:1612.03928)")]
[LossNotes(
    Formula = "Σ over pairs of ‖a_s − a_t‖₂, mean over samples; a = (Σ_c |f|^p) / its norm. Code: mean over samples and places of (a_s − a_t)²",
    Use = "Student and teacher of any widths: nothing is trained beside the student. Published weight 1000 for the authors' code.",
    Paper = "Zagoruyko, Komodakis, ICLR 2017, arXiv:1612.03928; code: the authors', as in CRD's comparison, Tian et al., arXiv:1910.10699",
    Cost = "O(N·C·H·W)")]
public sealed class AtLoss(AtLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Maps };

    /// <inheritdoc/>
    public override LossAgreement Agreement => options.Convention == AtConvention.Paper ? LossAgreement.Kink : LossAgreement.Zero;

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        FeaturePairs.Require(nameof(AtLoss), options.PairWeights, shapes.StudentFeatures.Count);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var total = FeaturePairs.Sum(inputs, options.PairWeights, Term);
        return options.Convention == AtConvention.Paper ? total.div(Number.Of((double)inputs.StudentFeatures[0].shape[0])) : total;
    }

    private Tensor Term(Tensor student, Tensor teacher)
    {
        var (s, t) = MapSizes.Meet(student, teacher);
        return options.Convention == AtConvention.Paper ? Norms.Of(Attention(s) - Attention(t), 2, [1]).sum() : mse_loss(Attention(s), Attention(t));
    }

    private Tensor Attention(Tensor map)
    {
        bool paper = options.Convention == AtConvention.Paper;
        var energy = options.Power switch
        {
            2 => map.Squared(),
            1 when !paper => map,
            _ => (paper ? map.abs() : map).pow(Number.Of((long)options.Power)),
        };
        return normalize((paper ? energy.sum(1) : energy.mean([1])).flatten(1), p: 2, dim: 1, eps: 1e-12);
    }
}

/// <summary>The options of <see cref="AtLoss"/>.</summary>
public sealed record AtLossOptions : FeatureLossOptions
{
    /// <summary>Which published form. Default <c>paper</c>; <c>code</c> is the authors' program.</summary>
    public AtConvention Convention { get; init; }

    /// <summary>The power p of the features, 1 to 8. Default 2. In the authors' program signs stay, so it should be even.</summary>
    public int Power
    {
        get;
        init => field = value is >= 1 and <= 8 ? value : throw new ArgumentOutOfRangeException(nameof(Power), value, "The power must be 1 to 8; 2 in practice.");
    } = 2;

    /// <summary>A weight for each pair, 0 or more. Empty (default) is 1 for all.</summary>
    public IReadOnlyList<double> PairWeights
    {
        get;
        init => field = FeaturePairs.Checked(value, nameof(PairWeights));
    } = [];
}

/// <summary>The published forms of attention transfer.</summary>
public enum AtConvention
{
    /// <summary>The energy is a sum over channels, the difference the norm of each sample, averaged over the batch.</summary>
    Paper,

    /// <summary>The energy is a mean over channels, the difference the mean of squares.</summary>
    Code,
}
