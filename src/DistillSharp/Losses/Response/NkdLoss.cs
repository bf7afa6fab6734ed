using DistillSharp.Losses.Temperatures;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>
/// The label's cross-entropy weighed by how sure the teacher is of it, and the cross-entropy of how both share the rest among the other classes
/// (normalised KD, Yang et al., arXiv:2303.13005).
/// </summary>
/// <param name="options">The options.</param>
[Plugin("nkd", "Normalised KD: the label by the teacher's certainty, the others among themselves (arXiv:2303.13005)")]
[LossNotes(
    Formula = "mean over rows of − p_t,label log p_s,label − γ T² Σ q_t log q_s; p at temperature 1, q = softmax of z / T without the label",
    Use = "Labelled classification, beside the objective; a little simpler to weigh than dkd.",
    Paper = "Yang et al., ICCV 2023, arXiv:2303.13005",
    Cost = "O(N·C)")]
public sealed class NkdLoss(NkdLossOptions options) : TemperedLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits | LossInput.Labels);

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs, Softness temperature)
    {
        var (student, teacher) = (inputs.StudentLogits, inputs.TeacherLogits);
        var labels = new HardLabels(student, inputs.Labels);
        var target = labels.At(softmax(teacher, dim: -1)).neg() * labels.LogProbability(student);

        // Factors go to the teacher's side, which has no backward.
        var weights = temperature.Rescale(softmax(labels.Others(temperature.Soften(teacher)), dim: -1), -options.Others);
        var others = weights * log_softmax(labels.Others(temperature.Soften(student)), dim: -1);
        return labels.Mean(target.Plus(others.sum(-1, keepdim: true)));
    }
}

/// <summary>The options of <see cref="NkdLoss"/>. The temperature softens the other classes only and is 1 by default, as in the paper.</summary>
public sealed record NkdLossOptions : TemperedLossOptions
{
    /// <summary>The defaults.</summary>
    public NkdLossOptions() => Temperature = 1;

    /// <summary>The weight γ of the other classes' part, 0 or more. Default 1.5.</summary>
    public double Others
    {
        get;
        init => field = AtLeastZero(value, "The weight of the other classes' part must be 0 or more; 1.5 in practice.");
    } = 1.5;
}
