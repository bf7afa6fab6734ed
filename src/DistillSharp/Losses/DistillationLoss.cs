using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Losses;

/// <summary>
/// What a student pays for differing from its teacher. One plug-in a class: the author writes the formula, this class
/// checks shapes, keeps the teacher free of gradients and frees what was made on the way.
/// </summary>
/// <param name="options">The options all losses share.</param>
public abstract class DistillationLoss(DistillationLossOptions options)
{
    /// <summary>The factor of this term in the total.</summary>
    public double Weight { get; } = options.Weight;

    /// <summary>The temperature the teacher's soft labels are seen at; 1 where the loss has none. The report draws them at it.</summary>
    public virtual double Temperature => 1;

    /// <summary>Computes the loss.</summary>
    /// <param name="student">The student's logits, <c>[N, C]</c>.</param>
    /// <param name="teacher">The teacher's logits, <c>[N, C]</c>; no gradient reaches them.</param>
    /// <returns>A scalar, before <see cref="Weight"/>.</returns>
    /// <exception cref="ArgumentException">The shapes differ; both are named.</exception>
    public Tensor Compute(Tensor student, Tensor teacher)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        CheckShapes(student.shape, teacher.shape);
        using var scope = NewDisposeScope();
        return Formula(student, teacher.detach()).MoveToOuterDisposeScope();
    }

    /// <summary>Checks that the loss can compare two outputs; called before the first batch and with every batch.</summary>
    /// <param name="student">The shape of the student's logits.</param>
    /// <param name="teacher">The shape of the teacher's logits.</param>
    /// <exception cref="ArgumentException">The shapes differ; both are named.</exception>
    public virtual void CheckShapes(ReadOnlySpan<long> student, ReadOnlySpan<long> teacher)
    {
        if (student.Length != 2 || !student.SequenceEqual(teacher))
        {
            throw new ArgumentException(
                $"{GetType().Name} compares logits of one shape [N, C], but the student gave [{string.Join(", ", student.ToArray())}] and the teacher [{string.Join(", ", teacher.ToArray())}]. "
                + "Give both models the same classes.");
        }
    }

    /// <summary>The loss's formula. Tensors made here are freed by the caller.</summary>
    /// <param name="student">The student's logits, <c>[N, C]</c>.</param>
    /// <param name="teacher">The teacher's logits, <c>[N, C]</c>, without gradient.</param>
    /// <returns>A scalar.</returns>
    protected abstract Tensor Formula(Tensor student, Tensor teacher);
}

/// <summary>The options all distillation losses share.</summary>
public abstract record DistillationLossOptions
{
    /// <summary>The factor of this term in the total loss, 0 or more. Default 1.</summary>
    public double Weight
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Weight), value, "A loss's weight must be 0 or more.");
    } = 1;
}
