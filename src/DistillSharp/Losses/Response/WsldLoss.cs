using DistillSharp.Losses.Temperatures;
using DistillSharp.Native;
using DistillSharp.Tasks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>Soft labels that count less for samples on which the student is already as good as the teacher (WSLD, Zhou et al., arXiv:2102.00650).</summary>
/// <param name="options">The options.</param>
[Plugin("wsld", "Soft labels weighed sample by sample (arXiv:2102.00650)")]
[LossNotes(
    Formula = "− T² · mean over rows of w Σ_c p_t log p_s, p = softmax(z / T); w = 1 − exp(− CE(s, label) / (CE(t, label) + 1e-7)), without gradient",
    Use = "Labelled classification, beside the objective. Published weight for ImageNet: 2.5, at temperature 2.",
    Paper = "Zhou et al., ICLR 2021, arXiv:2102.00650",
    Cost = "O(N·C)")]
public sealed class WsldLoss(WsldLossOptions options) : TemperedLoss(options)
{
    private const double Epsilon = 1e-7;

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits | LossInput.Labels);

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Stationary;

    /// <inheritdoc/>
    public override bool HoldsFactors => true;

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs, Softness temperature)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(temperature);
        var (student, teacher) = (inputs.StudentLogits, inputs.TeacherLogits);
        var labels = new HardLabels(student, inputs.Labels);
        var unweight = (labels.LogProbability(student.detach()) / labels.LogProbability(teacher).sub(Number.Of(Epsilon))).neg().expm1();
        var soft = (softmax(temperature.Soften(teacher), dim: -1) * log_softmax(temperature.Soften(student), dim: -1)).sum(-1, keepdim: true);

        // Both factors are the negative of what the formula says. T squared goes to the one that has no backward.
        return labels.Mean(temperature.Rescale(unweight) * soft);
    }
}

/// <summary>The options of <see cref="WsldLoss"/>. The temperature is 2 by default.</summary>
public sealed record WsldLossOptions : TemperedLossOptions
{
    /// <summary>The defaults.</summary>
    public WsldLossOptions() => Temperature = 2;
}
