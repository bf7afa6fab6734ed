using DistillSharp.Losses.Temperatures;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>The cross-entropy of the student's softened probabilities with the teacher's. Its gradient is that of KL; its value keeps the teacher's entropy (Hinton et al., arXiv:1503.02531).</summary>
/// <param name="options">The options.</param>
[Plugin("soft-cross-entropy", "Cross-entropy with the teacher's soft labels, as text distillation has it (arXiv:1503.02531)")]
[LossNotes(
    Formula = "− mean over rows of Σ_c p_t log p_s, p = softmax(z / T)",
    Use = "To repeat TextBrewer (average: rows) or TinyBERT's last stage (average: elements, temperature 1); else kd, which is 0 at agreement.",
    Paper = "Hinton, Vinyals, Dean, 2015, arXiv:1503.02531; Jiao et al., 2020, arXiv:1909.10351; Yang et al., 2020, arXiv:2002.12620",
    Cost = "O(N·C)")]
public sealed class SoftCrossEntropyLoss(SoftCrossEntropyLossOptions options) : TemperedLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits) { Optional = LossInput.Mask };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Stationary;

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs, Softness temperature)
    {
        var terms = softmax(temperature.Soften(inputs.TeacherLogits), dim: -1) * log_softmax(temperature.Soften(inputs.StudentLogits), dim: -1);
        var mean = RowMean.Of(terms, inputs.Mask, options.Average == LogitAverage.Elements ? -1.0 / terms.size(-1) : -1);
        return options.Scale ? temperature.Rescale(mean) : mean;
    }
}

/// <summary>The options of <see cref="SoftCrossEntropyLoss"/>.</summary>
public sealed record SoftCrossEntropyLossOptions : TemperedLossOptions
{
    /// <summary>Whether it is multiplied by T². Default no, as in TextBrewer and TinyBERT.</summary>
    public bool Scale { get; init; }

    /// <summary>What the sum is divided by. Default <c>rows</c>; <c>elements</c> is TinyBERT's.</summary>
    public LogitAverage Average { get; init; }
}
