using static TorchSharp.torch;

namespace DistillSharp.Losses;

/// <summary>A loss of logits alone: the author writes one formula of two tensors.</summary>
/// <param name="options">The options all losses share.</param>
public abstract class LogitLoss(DistillationLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits);

    /// <inheritdoc/>
    protected sealed override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return Formula(inputs.StudentLogits, inputs.TeacherLogits);
    }

    /// <summary>The loss's formula. Tensors made here are freed by the caller.</summary>
    /// <param name="student">The student's logits, <c>[N, C]</c>.</param>
    /// <param name="teacher">The teacher's logits, <c>[N, C]</c>, without gradient.</param>
    /// <returns>A scalar.</returns>
    protected abstract Tensor Formula(Tensor student, Tensor teacher);
}
