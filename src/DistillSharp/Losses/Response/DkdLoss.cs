using DistillSharp.Losses.Temperatures;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

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
        var (studentLogs, studentOthers, _, _) = Split(labels, temperature.Soften(student));
        var (teacherLogs, teacherOthers, shares, total) = Split(labels, temperature.Soften(teacher));

        // With p = softmax and o = log(1 − p_label), both divergences are sums of differences of logarithms, each with a factor that is the teacher's alone:
        // α p_label for the label, β q for every other class, and α (1 − p_label) − β for o.
        var factors = where(labels.LabelMask(teacherLogs), Times(teacherLogs.exp(), options.Target), Times(shares, options.Others) / total);
        var ofOthers = Times(teacherOthers.exp(), options.Target).sub(Number.Of(options.Others));
        var rows = (factors * (teacherLogs - studentLogs)).sum(-1, keepdim: true).addcmul(ofOthers, teacherOthers - studentOthers, Number.Of(1.0));
        return temperature.Rescale(labels.Mean(rows));
    }

    private static Tensor Times(Tensor values, double weight) => weight == 1 ? values : values.mul(Number.Of(weight));

    /// <summary>
    /// The log-probabilities of all classes and of all but the label together, one a row in a last dimension of 1; the shares of the other classes, 0 for the label (where
    /// there are others), and their sum, which is 1 or more.
    /// </summary>
    private static (Tensor Logs, Tensor Others, Tensor Shares, Tensor Total) Split(HardLabels labels, Tensor logits)
    {
        var logs = log_softmax(logits, dim: -1);

        // Not by logsumexp, which costs twice as much for a few classes. The largest is taken off first, and needs no gradient.
        var others = labels.Others(logs);
        var largest = others.detach().amax([-1], keepdim: true);
        var shares = (others - largest).exp();
        var total = shares.sum(-1, keepdim: true);
        return (logs, total.log().Plus(largest), shares, total);
    }
}

/// <summary>The options of <see cref="DkdLoss"/>.</summary>
public sealed record DkdLossOptions : TemperedLossOptions
{
    /// <summary>The weight α of the label's part, 0 or more. Default 1.</summary>
    public double Target
    {
        get;
        init => field = AtLeastZero(value, "The weight of the label's part must be 0 or more; 1 in practice.");
    } = 1;

    /// <summary>The weight β of the other classes' part, 0 or more. Default 8; 0.5 to 10 in the paper, more for surer teachers.</summary>
    public double Others
    {
        get;
        init => field = AtLeastZero(value, "The weight of the other classes' part must be 0 or more; 0.5 to 10 in practice.");
    } = 8;

    /// <summary>Whether each row of both logits is standardised to mean 0 and deviation 1 first (arXiv:2403.01427). Default no.</summary>
    public bool Standardize { get; init; }
}
