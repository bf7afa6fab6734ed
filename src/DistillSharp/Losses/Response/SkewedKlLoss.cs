using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>KL from a mixture with a little of the other model, which keeps gradients tame where one of them gives a token no chance (DistiLLM, Ko et al., arXiv:2402.03898).</summary>
/// <param name="options">The options.</param>
[Plugin("skewed-kl", "KL from a mixture of both models (DistiLLM, arXiv:2402.03898)")]
[LossNotes(
    Formula = "forward: mean over rows of KL(p_t ‖ λ p_t + (1 − λ) p_s); reverse: KL(p_s ‖ λ p_s + (1 − λ) p_t)",
    Use = "Language models; the paper's best is the reverse direction.",
    Paper = "Ko et al., ICML 2024, arXiv:2402.03898",
    Cost = "O(N·C)")]
public sealed class SkewedKlLoss(SkewedKlLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits) { Optional = LossInput.Mask };

    /// <inheritdoc/>
    public override LossAgreement Agreement => options.Entropy || options.Direction == SkewedDirection.Reverse ? LossAgreement.Zero : LossAgreement.Stationary;

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var student = log_softmax(inputs.StudentLogits, dim: -1);
        var teacher = log_softmax(inputs.TeacherLogits, dim: -1);
        bool forward = options.Direction == SkewedDirection.Forward;
        var (one, other) = forward ? (teacher, student) : (student, teacher);
        var mixture = options.Skew == 0 ? other : one.Plus(Number.Of(Math.Log(options.Skew))).logaddexp(other.Plus(Number.Of(Math.Log(1 - options.Skew))));
        return forward && !options.Entropy ? RowMean.Of(one.exp() * mixture, inputs.Mask, -1) : RowMean.Of(one.exp() * (one - mixture), inputs.Mask);
    }
}

/// <summary>The options of <see cref="SkewedKlLoss"/>.</summary>
public sealed record SkewedKlLossOptions : DistillationLossOptions
{
    /// <summary>Which model is held against the mixture. Default <c>forward</c>: the teacher.</summary>
    public SkewedDirection Direction { get; init; }

    /// <summary>Its own share λ of the mixture, from 0 (KL as such) to below 1. Default 0.1.</summary>
    public double Skew
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Skew), value, "The share of the mixture must be from 0 to below 1; 0.1 in practice.");
    } = 0.1;

    /// <summary>Whether the forward direction takes off the teacher's entropy, so that agreement costs nothing. Default yes; no is DistiLLM's released code. The gradient is the same.</summary>
    public bool Entropy { get; init; } = true;
}

/// <summary>Which model is held against the mixture of both.</summary>
public enum SkewedDirection
{
    /// <summary>The teacher.</summary>
    Forward,

    /// <summary>The student.</summary>
    Reverse,
}
