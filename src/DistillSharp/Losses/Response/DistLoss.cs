using DistillSharp.Losses.Temperatures;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>
/// Matches how probabilities vary instead of what they are: the correlation of each sample's classes, and of each class over the batch (DIST, Huang et al., arXiv:2205.10536).
/// </summary>
/// <param name="options">The options.</param>
[Plugin("dist", "Correlation of samples and of classes instead of equality (arXiv:2205.10536)")]
[LossNotes(
    Formula = "T² · (β (1 − mean over rows ρ(p_s, p_t)) + γ (1 − mean over classes ρ(p_s, p_t))), ρ: Pearson's correlation, p = softmax(z / T)",
    Use = "A teacher far stronger than the student, which cannot match it exactly. Logits [N, C, H, W] are taken pixel by pixel. The batch must be large: a class is compared over it.",
    Paper = "Huang et al., NeurIPS 2022, arXiv:2205.10536",
    Cost = "O(N·C)")]
public sealed class DistLoss(DistLossOptions options) : TemperedLoss(options)
{
    private const double Epsilon = 1e-8;

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits);

    // The epsilon beside the norms leaves about 1e-8 / variance of the loss at agreement.
    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs, Softness temperature)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(temperature);
        var student = softmax(temperature.Soften(Rows(inputs.StudentLogits)), dim: -1);
        var teacher = softmax(temperature.Soften(Rows(inputs.TeacherLogits)), dim: -1);
        var disagreed = Correlation(student, teacher, 1).mean().mul(Number.Of(-options.Inter)).Plus(Correlation(student, teacher, 0).mean().mul(Number.Of(-options.Intra)));
        return temperature.Rescale(disagreed.Plus(Number.Of(options.Inter + options.Intra)));
    }

    private static Tensor Rows(Tensor logits) => logits.Dimensions switch
    {
        2 => logits,
        4 => logits.permute(0, 2, 3, 1).flatten(0, 2),
        _ => logits.flatten(0, -2),
    };

    private static Tensor Correlation(Tensor student, Tensor teacher, int dimension)
    {
        var s = student - student.mean([dimension], keepdim: true);
        var t = teacher - teacher.mean([dimension], keepdim: true);
        return (s * t).sum(dimension) / (s.norm(dimension) * t.norm(dimension)).Plus(Number.Of(Epsilon));
    }
}

/// <summary>The options of <see cref="DistLoss"/>. The temperature is 1 by default, as in the paper for ImageNet and for segmentation; 4 for CIFAR.</summary>
public sealed record DistLossOptions : TemperedLossOptions
{
    /// <summary>The defaults.</summary>
    public DistLossOptions() => Temperature = 1;

    /// <summary>The weight β of the correlation over each sample's classes, 0 or more. Default 2; 1 for segmentation in practice.</summary>
    public double Inter
    {
        get;
        init => field = AtLeastZero(value, "The weight of the samples' correlation must be 0 or more; 1 or 2 in practice.");
    } = 2;

    /// <summary>The weight γ of the correlation over the batch of each class, 0 or more. Default 2; 1 for segmentation in practice.</summary>
    public double Intra
    {
        get;
        init => field = AtLeastZero(value, "The weight of the classes' correlation must be 0 or more; 1 or 2 in practice.");
    } = 2;
}
