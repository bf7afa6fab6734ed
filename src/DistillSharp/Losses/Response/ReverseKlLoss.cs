using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>KL(student ‖ teacher): the student is to say nothing the teacher would not, and need not cover all it does (MiniLLM, Gu et al., arXiv:2306.08543).</summary>
/// <param name="options">The options.</param>
[Plugin("reverse-kl", "KL of the student from the teacher, which seeks its modes (arXiv:2306.08543)")]
[LossNotes(
    Formula = "mean over rows of Σ_c p_s (log p_s − log p_t), p = softmax(z)",
    Use = "Language models much smaller than their teacher. With a temperature: jsd with beta 1.",
    Paper = "Gu et al., ICLR 2024, arXiv:2306.08543; as here, token by token: Ko et al., ICML 2024, arXiv:2402.03898",
    Cost = "O(N·C)")]
public sealed class ReverseKlLoss(ReverseKlLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits) { Optional = LossInput.Mask };

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var student = log_softmax(inputs.StudentLogits, dim: -1);
        return RowMean.Of(student.exp() * (student - log_softmax(inputs.TeacherLogits, dim: -1)), inputs.Mask);
    }
}

/// <summary>The options of <see cref="ReverseKlLoss"/>.</summary>
public sealed record ReverseKlLossOptions : DistillationLossOptions;
