using DistillSharp.Losses;
using DistillSharp.Losses.Temperatures;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace CustomLoss;

/// <summary>
/// Matches how far the teacher's best class is ahead of its second: an example of a loss that is not in the library. Everything about shapes, gradients of the
/// teacher and disposal is the base class's work; what is left is the formula.
/// </summary>
/// <param name="options">The options.</param>
[Plugin("margin", "Matches the distance between the best and the second class")]
[LossNotes(Formula = "mean (m_s − m_t)², m = largest − second largest of z / T", Use = "An example.", Paper = "none", Cost = "O(N·C log C)")]
public sealed class MarginLoss(MarginLossOptions options) : TemperedLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits);

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs, Softness temperature) => mse_loss(Margin(temperature.Soften(inputs.StudentLogits)), Margin(temperature.Soften(inputs.TeacherLogits)));

    private static Tensor Margin(Tensor logits)
    {
        var best = logits.topk(2, dim: 1).values;
        return best.select(1, 0) - best.select(1, 1);
    }
}

/// <summary>The options of <see cref="MarginLoss"/>: a temperature, which may also follow a schedule, and a weight.</summary>
public sealed record MarginLossOptions : TemperedLossOptions;
