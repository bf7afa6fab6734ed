using DistillSharp.Losses.Temperatures;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>Hard labels and a teacher that is made up: sure of the label, indifferent among all other classes (teacher-free KD, Yuan et al., arXiv:1909.11723).</summary>
/// <param name="options">The options.</param>
[Plugin("tf-kd", "A made-up teacher, sure of the label (Tf-KD, arXiv:1909.11723)")]
[LossNotes(
    Formula = "(1 − α) CE(s, label) + α m KL(u_T ‖ p_s), p = softmax(s / T), u = a on the label and (1 − a) / (C − 1) elsewhere, softened by T",
    Use = "No teacher at all: regularises like label smoothing. Give the objective no weight: the labels are in here.",
    Paper = "Yuan et al., CVPR 2020, arXiv:1909.11723",
    Cost = "O(N·C)")]
public sealed class TfKdLoss(TfKdLossOptions options) : TemperedLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.StudentLogits | LossInput.Labels);

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        LossChecks.RequireTwoClasses(this, shapes, "shares what the label does not have among the other classes");
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs, Softness temperature)
    {
        var student = inputs.StudentLogits;
        var labels = new HardLabels(student, inputs.Labels);
        bool released = options.Convention == TfKdConvention.Released;
        var soft = released ? student : temperature.Soften(student);

        double classes = student.size(-1);
        double rest = (1 - options.Confidence) / (classes - 1);
        double odds = released ? Math.Exp((rest - options.Confidence) / temperature.Value) : Math.Pow(rest / options.Confidence, 1 / temperature.Value);
        double onLabel = 1 / (1 + ((classes - 1) * odds)), onOthers = odds * onLabel;
        double negentropy = (onLabel * Math.Log(onLabel)) + ((classes - 1) * onOthers * Math.Log(onOthers));

        double share = options.Soft * options.Multiplier / (released ? classes : 1);
        var madeUp = labels.TwoValues(soft, -share * onLabel, -share * onOthers);
        return labels.CrossEntropy(student).mul(Number.Of(1 - options.Soft)).Plus(labels.MeanOfSums(madeUp * log_softmax(soft, dim: -1)).Plus(Number.Of(share * negentropy)));
    }
}

/// <summary>The options of <see cref="TfKdLoss"/>. The temperature is 20 by default.</summary>
public sealed record TfKdLossOptions : TemperedLossOptions
{
    /// <summary>The defaults.</summary>
    public TfKdLossOptions() => Temperature = 20;

    /// <summary>The share α of the made-up teacher, 0 to 1. Default 0.1.</summary>
    public double Soft
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Soft), value, "The share of the made-up teacher must be from 0 to 1; 0.1 in practice.");
    } = 0.1;

    /// <summary>A further factor m of its divergence, 0 or more. Default 1. At temperature T the divergence is about 1 / T² as large.</summary>
    public double Multiplier
    {
        get;
        init => field = AtLeastZero(value, "The factor of the made-up teacher must be 0 or more; 1 to T squared in practice.");
    } = 1;

    /// <summary>What the made-up teacher gives the label, between 0 and 1. Default 0.99.</summary>
    public double Confidence
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Confidence), value, "The made-up teacher's probability of the label must lie between 0 and 1; 0.9 to 0.99 in practice.");
    } = 0.99;

    /// <summary>How it is written. Default <c>paper</c>.</summary>
    public TfKdConvention Convention { get; init; }
}

/// <summary>How <see cref="TfKdLoss"/> is written.</summary>
public enum TfKdConvention
{
    /// <summary>Both are softened by T: the teacher's probabilities as softmax(log u / T); mean over rows.</summary>
    Paper,

    /// <summary>As the released code: the teacher is softmax(u / T), which takes its probabilities for logits, the student is not softened, and the mean is over rows and classes.</summary>
    Released,
}
