using DistillSharp.Losses.Temperatures;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>The generalised Jensen-Shannon divergence: both models against their mixture, between KL and reverse KL (GKD, Agarwal et al., arXiv:2306.13649).</summary>
/// <param name="options">The options.</param>
[Plugin("jsd", "Generalised Jensen-Shannon divergence (GKD, arXiv:2306.13649)")]
[LossNotes(
    Formula = "mean over rows of β KL(p_t ‖ m) + (1 − β) KL(p_s ‖ m), m = β p_t + (1 − β) p_s; β = 0: KL(p_t ‖ p_s), β = 1: KL(p_s ‖ p_t)",
    Use = "Language models, whose students cannot cover all the teacher says: a larger β seeks its modes. Bounded, so a wrong teacher costs little.",
    Paper = "Agarwal et al., ICLR 2024, arXiv:2306.13649",
    Cost = "O(N·C)")]
public sealed class JsdLoss(JsdLossOptions options) : TemperedLoss(options)
{
    private const double Widest = 80;

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits) { Optional = LossInput.Mask };

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs, Softness temperature)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(temperature);
        var student = log_softmax(temperature.Soften(inputs.StudentLogits), dim: -1);
        var teacher = log_softmax(temperature.Soften(inputs.TeacherLogits), dim: -1);
        double beta = options.Beta, factor = 1;
        Tensor terms;
        if (beta == 0)
        {
            terms = teacher.exp() * (teacher - student);
        }
        else if (beta == 1)
        {
            terms = student.exp() * (student - teacher);
        }
        else
        {
            terms = Mixed(student, teacher, beta);
            factor = 1 - beta;
        }

        return options.Average == JsdAverage.Samples ? terms.sum().mul(Number.Of(factor / terms.size(0))) : RowMean.Of(terms, inputs.Mask, factor);
    }

    /// <summary>Each class's part of the divergences from the mixture, divided by 1 − β.</summary>
    private static Tensor Mixed(Tensor student, Tensor teacher, double beta)
    {
        // The mixture by its ratio to the teacher: a logarithm of its own would round away the little that models which nearly agree differ by.
        // Beyond e^80 one of the two has no part in it, and the ratio stays finite; where both rule a class out, it has no part at all.
        Tensor s = student.detach(), t = teacher.detach();
        var gap = (s - t).nan_to_num(0.0).clamp(Number.Of(-Widest), Number.Of(Widest));
        var ratio = gap.expm1().mul(Number.Of(1 - beta)).log1p();
        var ofStudent = s.exp() * (gap - ratio);
        var ofTeacher = t.exp().mul(Number.Of(beta / (1 - beta))) * ratio;

        // The sum changes by ofStudent with each log p_s and by − ofTeacher with each log p_t: the mixture is where the sum is least, so its own change counts for nothing.
        // Products with 0 carry these gradients, and spare the backward of all above.
        var terms = (ofStudent - ofTeacher).addcmul(ofStudent, Zero(student, s), Number.Of(1.0));
        return teacher.requires_grad ? terms.addcmul(ofTeacher, Zero(teacher, t), Number.Of(-1.0)) : terms;
    }

    /// <summary>0 with the gradient of a value, also where that is −∞: a class that is ruled out.</summary>
    private static Tensor Zero(Tensor value, Tensor detached) => (value - detached).nan_to_num(0.0);
}

/// <summary>The options of <see cref="JsdLoss"/>. The temperature is 1 by default; the value is not multiplied by its square.</summary>
public sealed record JsdLossOptions : TemperedLossOptions
{
    /// <summary>The defaults.</summary>
    public JsdLossOptions() => Temperature = 1;

    /// <summary>The teacher's share β of the mixture, 0 to 1. Default 0.5, the symmetric divergence; 0.1 and 0.9 in the paper too.</summary>
    public double Beta
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Beta), value, "The teacher's share of the mixture must be from 0 to 1; 0.1, 0.5 or 0.9 in practice.");
    } = 0.5;

    /// <summary>What the sum is divided by. Default <c>rows</c>: the tokens that count; <c>samples</c> is that of TRL where it is given no labels, and counts every token.</summary>
    public JsdAverage Average { get; init; }
}

/// <summary>What the sum of divergences is divided by.</summary>
public enum JsdAverage
{
    /// <summary>The rows that count: samples, or tokens.</summary>
    Rows,

    /// <summary>The samples, however many tokens they have.</summary>
    Samples,
}
