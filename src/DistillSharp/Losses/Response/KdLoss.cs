using DistillSharp.Losses.Temperatures;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>Matches the teacher's softened class probabilities: T² KL(teacher ‖ student) at temperature T, mean over the batch (Hinton et al., arXiv:1503.02531).</summary>
/// <param name="options">The options.</param>
[Plugin("kd", "Soft-label KL divergence at a temperature (arXiv:1503.02531)")]
[LossNotes(
    Formula = "T² · mean over rows of Σ_c p_t (log p_t − log p_s), p = softmax(z / T); with a hard share h: h · CE(s, label) + (1 − h) · that",
    Use = "First, always: it needs nothing but logits, and every other method is measured against it.",
    Paper = "Hinton, Vinyals, Dean, 2015, arXiv:1503.02531; standardised logits: Sun et al., CVPR 2024, arXiv:2403.01427",
    Cost = "O(N·C)")]
public sealed class KdLoss(KdLossOptions options) : TemperedLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(options.Hard is null ? LossInput.Logits : LossInput.Logits | LossInput.Labels);

    /// <inheritdoc/>
    public override LossAgreement Agreement => options.Hard is null ? LossAgreement.Zero : LossAgreement.Open;

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs, Softness temperature)
    {
        var (student, teacher) = options.Standardize
            ? (Standardization.Of(inputs.StudentLogits), Standardization.Of(inputs.TeacherLogits))
            : (inputs.StudentLogits, inputs.TeacherLogits);
        var sum = DivergenceSum(temperature.Soften(student), temperature.Soften(teacher));
        double factor = (1 - (options.Hard ?? 0)) / Rows(student);

        // T squared keeps the gradient's size the same at every temperature (section 2 of the paper).
        var soft = options.Scale ? temperature.Rescale(sum, factor) : sum.mul(Number.Of(factor));
        return options.Hard is { } hard
            ? new HardLabels(inputs.StudentLogits, inputs.Labels).CrossEntropy(inputs.StudentLogits).mul(Number.Of(hard)).Plus(soft)
            : soft;
    }

    /// <summary>The sum over rows of KL(teacher ‖ student), for whoever multiplies by more than the number of rows: one operation fewer in both directions.</summary>
    /// <param name="student">Softened logits, classes last.</param>
    /// <param name="teacher">Softened logits, classes last.</param>
    internal static Tensor DivergenceSum(Tensor student, Tensor teacher)
    {
        var logTeacher = log_softmax(teacher, dim: -1);
        return (logTeacher.exp() * (logTeacher - log_softmax(student, dim: -1))).sum();
    }

    /// <summary>The number of rows of logits.</summary>
    /// <param name="logits">Logits, classes last.</param>
    internal static double Rows(Tensor logits) => logits.NumberOfElements / logits.size(-1);
}

/// <summary>The options of <see cref="KdLoss"/>.</summary>
public sealed record KdLossOptions : TemperedLossOptions
{
    /// <summary>Whether each row of both logits is standardised to mean 0 and deviation 1 first (arXiv:2403.01427; temperature 2 there, weight 9 beside the hard labels' 0.1). Default no.</summary>
    public bool Standardize { get; init; }

    /// <summary>Whether the divergence is multiplied by T². Default yes.</summary>
    public bool Scale { get; init; } = true;

    /// <summary>
    /// The share of the hard labels' cross-entropy in this term, 0 to 1: <c>hard · CE + (1 - hard) · KL</c>; 0.1 to 0.9 in practice. Null (default) leaves the labels to the
    /// objective. With it, give the objective no weight, or the labels count twice.
    /// </summary>
    public double? Hard
    {
        get;
        init => field = value is null or (>= 0 and <= 1) ? value : throw new ArgumentOutOfRangeException(nameof(Hard), value, "The share of the hard labels must be from 0 to 1; 0.1 to 0.9 in practice.");
    }
}
