using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Response;

/// <summary>Cross-entropy with labels that leave a little to every class: what distillation must beat (Szegedy et al., arXiv:1512.00567).</summary>
/// <param name="options">The options.</param>
[Plugin("label-smoothing", "Cross-entropy with smoothed labels, without a teacher (arXiv:1512.00567)")]
[LossNotes(
    Formula = "− mean over rows of Σ_c q log p_s; q = (1 − ε) on the label, and ε shared by all classes or by the others",
    Use = "As a control: what soft labels without knowledge give. Give the objective no weight: the labels are in here.",
    Paper = "Szegedy et al., CVPR 2016, arXiv:1512.00567; others: Yuan et al., CVPR 2020, arXiv:1909.11723",
    Cost = "O(N·C)")]
public sealed class LabelSmoothingLoss(LabelSmoothingLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.StudentLogits | LossInput.Labels);

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        LossChecks.RequireTwoClasses(this, shapes, "shares a part of the label among classes");
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        double classes = inputs.StudentLogits.size(-1);
        double onOthers = options.Smoothing / (options.Over == SmoothedOver.All ? classes : classes - 1);
        return new HardLabels(inputs.StudentLogits, inputs.Labels).SmoothedCrossEntropy(inputs.StudentLogits, onOthers);
    }
}

/// <summary>The options of <see cref="LabelSmoothingLoss"/>.</summary>
public sealed record LabelSmoothingLossOptions : DistillationLossOptions
{
    /// <summary>What the label gives away, ε: from 0 to below 1. Default 0.1.</summary>
    public double Smoothing
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Smoothing), value, "What the label gives away must be from 0 to below 1; 0.1 in practice.");
    } = 0.1;

    /// <summary>Who shares it. Default <c>all</c>, the paper's and PyTorch's; <c>others</c> is that of Tf-KD's code.</summary>
    public SmoothedOver Over { get; init; }
}

/// <summary>Which classes share what the label gives away.</summary>
public enum SmoothedOver
{
    /// <summary>All, the label too: ε / C each.</summary>
    All,

    /// <summary>All but the label: ε / (C − 1) each.</summary>
    Others,
}
