using DistillSharp.Losses;
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
public sealed class MarginLoss(MarginLossOptions options) : LogitLoss(options)
{
    /// <inheritdoc/>
    protected override Tensor Formula(Tensor student, Tensor teacher) => mse_loss(Margin(student), Margin(teacher));

    private Tensor Margin(Tensor logits)
    {
        var best = logits.div(options.Temperature).topk(2, dim: 1).values;
        return best.select(1, 0) - best.select(1, 1);
    }
}

/// <summary>The options of <see cref="MarginLoss"/>.</summary>
public sealed record MarginLossOptions : DistillationLossOptions
{
    /// <summary>What the logits are divided by, above 0. Default 4.</summary>
    public double Temperature
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "The temperature must be above 0.");
    } = 4;
}
