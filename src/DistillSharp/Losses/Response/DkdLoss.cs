using DistillSharp.Losses.Temperatures;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Response;

/// <summary>
/// Takes the KL of soft labels apart: how sure the teacher is of the label, and how it shares the rest among the other classes, each with a weight of its own
/// (DKD, Zhao et al., arXiv:2203.08679).
/// </summary>
/// <param name="options">The options.</param>
[Plugin("dkd", "Decoupled KD: the label and the other classes apart (arXiv:2203.08679)")]
[LossNotes(
    Formula = "T² · mean over rows of α KL(b_t ‖ b_s) + β KL(q_t ‖ q_s); b = (p_label, 1 − p_label), q = softmax of z / T without the label",
    Use = "Labelled classification with a sure teacher: plain KL weighs what it knows of the other classes by 1 − p_label, next to nothing.",
    Paper = "Zhao et al., CVPR 2022, arXiv:2203.08679; standardised logits: Sun et al., CVPR 2024, arXiv:2403.01427",
    Cost = "O(N·C)")]
public sealed class DkdLoss(DkdLossOptions options) : TemperedLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits | LossInput.Labels);

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs, Softness temperature)
    {
        var (student, teacher) = options.Standardize
            ? (Standardization.Of(inputs.StudentLogits), Standardization.Of(inputs.TeacherLogits))
            : (inputs.StudentLogits, inputs.TeacherLogits);
        var labels = new HardLabels(student, inputs.Labels);
        var (studentOdds, studentOthers) = Split(labels, temperature.Soften(student));
        var (teacherOdds, teacherOthers) = Split(labels, temperature.Soften(teacher));

        var target = YesOrNo.Divergence(studentOdds, teacherOdds);
        var others = (Weighted(teacherOthers.exp(), options.Others) * (teacherOthers - studentOthers)).sum(-1, keepdim: true);
        return temperature.Rescale(labels.Mean(Weighted(target, options.Target) + others));
    }

    private static Tensor Weighted(Tensor part, double weight) => weight == 1 ? part : part.mul(Number.Of(weight));

    /// <summary>The log-odds of the label against all others, one a row in a last dimension of 1, and the log-probabilities among the others.</summary>
    private static (Tensor Odds, Tensor Others) Split(HardLabels labels, Tensor logits)
    {
        var others = labels.Others(logits);
        var total = others.logsumexp(-1, keepdim: true);
        return (labels.At(logits) - total, others - total);
    }
}

/// <summary>The options of <see cref="DkdLoss"/>.</summary>
public sealed record DkdLossOptions : TemperedLossOptions
{
    /// <summary>The weight α of the label's part, 0 or more. Default 1.</summary>
    public double Target
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Target), value, "The weight of the label's part must be 0 or more; 1 in practice.");
    } = 1;

    /// <summary>The weight β of the other classes' part, 0 or more. Default 8; 0.5 to 10 in the paper, more for surer teachers.</summary>
    public double Others
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Others), value, "The weight of the other classes' part must be 0 or more; 0.5 to 10 in practice.");
    } = 8;

    /// <summary>Whether each row of both logits is standardised to mean 0 and deviation 1 first (arXiv:2403.01427). Default no.</summary>
    public bool Standardize { get; init; }
}
