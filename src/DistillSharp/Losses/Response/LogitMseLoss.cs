using DistillSharp.Losses.Temperatures;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>Matches the logits themselves: the mean squared difference, which soft labels tend to at a high temperature (Ba and Caruana, arXiv:1312.6184).</summary>
/// <param name="options">The options.</param>
[Plugin("logit-mse", "Mean squared difference of the logits (arXiv:1312.6184)")]
[LossNotes(
    Formula = "mean over rows and classes of ((s − t) / T)²",
    Use = "Teachers whose logits mean something on their own scale: few classes, regression; no temperature to choose.",
    Paper = "Ba, Caruana, NeurIPS 2014, arXiv:1312.6184; against KL: Kim et al., IJCAI 2021, arXiv:2105.08919",
    Cost = "O(N·C)")]
public sealed class LogitMseLoss(LogitMseLossOptions options) : TemperedLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits);

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs, Softness temperature)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(temperature);
        return mse_loss(temperature.Soften(inputs.StudentLogits), temperature.Soften(inputs.TeacherLogits));
    }
}

/// <summary>The options of <see cref="LogitMseLoss"/>. The temperature divides the logits and is 1 by default; the value is not multiplied by its square.</summary>
public sealed record LogitMseLossOptions : TemperedLossOptions
{
    /// <summary>The defaults.</summary>
    public LogitMseLossOptions() => Temperature = 1;
}
