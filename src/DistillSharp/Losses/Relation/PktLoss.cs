using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Relation;

/// <summary>Matches how likely each sample of a batch is another's neighbour, by cosine similarity (probabilistic knowledge transfer, Passalis and Tefas, arXiv:1803.10837).</summary>
/// <param name="options">The options.</param>
[Plugin("pkt", "Which samples of a batch are neighbours, as probabilities (arXiv:1803.10837)")]
[LossNotes(
    Formula = "mean over N·N of p_t log((p_t + ε) / (p_s + ε)), p = rows of (cos + 1) / 2 divided by their sum; summed over pairs",
    Use = "Embeddings of any widths. The mean makes it small: published weight 30000.",
    Paper = "Passalis, Tefas, ECCV 2018, arXiv:1803.10837",
    Cost = "O(N²·D)")]
public sealed class PktLoss(PktLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Embedding };

    /// <inheritdoc/>
    /// <remarks>Epsilon leaves a gradient there, smaller than itself.</remarks>
    public override LossAgreement Agreement => LossAgreement.Kink;

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs.StudentFeatures.Zip(inputs.TeacherFeatures, Term).Aggregate((sum, term) => sum.Plus(term));
    }

    private Tensor Term(Tensor student, Tensor teacher)
    {
        var likely = Probabilities(teacher);
        return (likely * (Log(likely) - Log(Probabilities(student)))).mean();
    }

    private Tensor Log(Tensor probabilities) => probabilities.Plus(Number.Of(options.Epsilon)).log();

    private Tensor Probabilities(Tensor features)
    {
        var rows = features.flatten(1);
        rows = rows.div(Norms.Of(rows, 2, [1], keep: true).Plus(Number.Of(options.Epsilon)));

        // Half of each similarity would cancel. Rounding may bring a cosine below -1.
        var similarities = rows.matmul(rows.transpose(0, 1)).Plus(Number.Of(1.0)).relu();
        return similarities.div(similarities.sum([1], keepdim: true));
    }
}

/// <summary>The options of <see cref="PktLoss"/>.</summary>
public sealed record PktLossOptions : FeatureLossOptions
{
    /// <summary>What is added to lengths and probabilities, above 0. Default 1e-7.</summary>
    public double Epsilon
    {
        get;
        init => field = AboveZero(value, "Epsilon must be above 0; 1e-7 in practice.");
    } = 1e-7;
}
