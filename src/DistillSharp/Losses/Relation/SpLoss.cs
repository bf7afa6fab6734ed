using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Relation;

/// <summary>Matches how similar a batch's samples are to each other: their Gram matrix, each row normalised (Tung and Mori, arXiv:1907.09682).</summary>
/// <param name="options">The options.</param>
[Plugin("sp", "Similarity-preserving: the batch's Gram matrix (arXiv:1907.09682)")]
[LossNotes(
    Formula = "Σ (G_t − G_s)² / N², G = rows of F Fᵀ divided by their norm; summed over pairs",
    Use = "Student and teacher of any widths and sizes: nothing but the batch must agree. Published weight 3000.",
    Paper = "Tung, Mori, ICCV 2019, arXiv:1907.09682",
    Cost = "O(N²·D)")]
public sealed class SpLoss(SpLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.LastMap, AnyRank = true };

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Tensor? total = null;
        for (int i = 0; i < inputs.StudentFeatures.Count; i++)
        {
            var term = mse_loss(Gram(inputs.StudentFeatures[i]), Gram(inputs.TeacherFeatures[i]));
            total = total is null ? term : total.Plus(term);
        }

        return total!;
    }

    private Tensor Gram(Tensor features)
    {
        var rows = features.flatten(1);
        return normalize(rows.matmul(rows.transpose(0, 1)), p: options.Norm == SpNorm.L1 ? 1 : 2, dim: 1, eps: 1e-12);
    }
}

/// <summary>The options of <see cref="SpLoss"/>.</summary>
public sealed record SpLossOptions : FeatureLossOptions
{
    /// <summary>What each row is divided by. Default <c>l2</c>, the paper's; <c>l1</c> is torchdistill's.</summary>
    public SpNorm Norm { get; init; }
}

/// <summary>What a row of a Gram matrix is divided by.</summary>
public enum SpNorm
{
    /// <summary>Its Euclidean norm.</summary>
    L2,

    /// <summary>The sum of its absolute values.</summary>
    L1,
}
