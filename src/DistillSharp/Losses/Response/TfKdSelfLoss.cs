using DistillSharp.Losses.Temperatures;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Response;

/// <summary>Hard labels and the soft labels of a teacher of the student's own kind, trained before (teacher-free KD, Yuan et al., arXiv:1909.11723).</summary>
/// <param name="options">The options.</param>
[Plugin("tf-kd-self", "Self-training with hard labels beside (Tf-KD, arXiv:1909.11723)")]
[LossNotes(
    Formula = "(1 − α) CE(s, label) + α m T² KL(p_t ‖ p_s), p = softmax(z / T)",
    Use = "No stronger teacher: train the student once, then again with itself as the teacher. Give the objective no weight: the labels are in here.",
    Paper = "Yuan et al., CVPR 2020, arXiv:1909.11723",
    Cost = "O(N·C)")]
public sealed class TfKdSelfLoss(TfKdSelfLossOptions options) : TemperedLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits | LossInput.Labels);

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs, Softness temperature)
    {
        var student = inputs.StudentLogits;
        double classes = options.Average == LogitAverage.Elements ? student.size(-1) : 1;
        var hard = new HardLabels(student, inputs.Labels).CrossEntropy(student);
        var soft = KdLoss.DivergenceSum(temperature.Soften(student), temperature.Soften(inputs.TeacherLogits));
        return hard.mul(Number.Of(1 - options.Soft)).Plus(temperature.Rescale(soft, options.Soft * options.Multiplier / (classes * KdLoss.Rows(student))));
    }
}

/// <summary>The options of <see cref="TfKdSelfLoss"/>. The temperature is 20 by default.</summary>
public sealed record TfKdSelfLossOptions : TemperedLossOptions
{
    /// <summary>The defaults.</summary>
    public TfKdSelfLossOptions() => Temperature = 20;

    /// <summary>The share α of the soft labels, 0 to 1. Default 0.9.</summary>
    public double Soft
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Soft), value, "The share of the soft labels must be from 0 to 1; 0.9 in practice.");
    } = 0.9;

    /// <summary>A further factor m of the soft labels, 0 or more. Default 1.</summary>
    public double Multiplier
    {
        get;
        init => field = AtLeastZero(value, "The factor of the soft labels must be 0 or more; 1 in practice.");
    } = 1;

    /// <summary>What the divergence is divided by. Default <c>rows</c>, as the paper writes it; <c>elements</c> is the released code's, with which its figures were made.</summary>
    public LogitAverage Average { get; init; }
}
