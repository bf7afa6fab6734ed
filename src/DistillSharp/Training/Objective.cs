using DistillSharp.Execution;
using DistillSharp.Losses;
using DistillSharp.Native;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>
/// What a model is trained for: cross-entropy with the hard labels, distillation losses with a teacher's targets, or both,
/// each with its weight. It owns neither teacher nor losses.
/// </summary>
public sealed class Objective
{
    private readonly Teacher? _teacher;
    private readonly IReadOnlyList<(string Key, DistillationLoss Loss)> _losses;

    /// <summary>Hard labels alone: how teachers and controls are trained.</summary>
    /// <param name="labelSmoothing">How much probability the labels give to all classes alike, 0 up to 1.</param>
    public static Objective HardLabels(double labelSmoothing = 0) => new(1, labelSmoothing, null, []);

    /// <summary>Creates an objective.</summary>
    /// <param name="hardWeight">The factor of the cross-entropy with the hard labels; 0 leaves it out.</param>
    /// <param name="labelSmoothing">How much probability the labels give to all classes alike, 0 up to 1.</param>
    /// <param name="teacher">The teacher, or null where there are no distillation losses.</param>
    /// <param name="losses">The distillation losses by key.</param>
    /// <exception cref="ArgumentException">Nothing is left to learn from.</exception>
    public Objective(double hardWeight, double labelSmoothing, Teacher? teacher, IReadOnlyList<(string Key, DistillationLoss Loss)> losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentOutOfRangeException.ThrowIfNegative(hardWeight);
        if (losses.Count > 0 && teacher is null)
        {
            throw new ArgumentException($"The losses {string.Join(", ", losses.Select(loss => loss.Key))} need a teacher.", nameof(teacher));
        }

        if (hardWeight == 0 && losses.All(loss => loss.Loss.Weight == 0))
        {
            throw new ArgumentException("There is nothing to learn from: the hard labels and every distillation loss have weight 0.", nameof(hardWeight));
        }

        (HardWeight, LabelSmoothing, _teacher, _losses) = (hardWeight, labelSmoothing, teacher, losses);
    }

    /// <summary>The factor of the cross-entropy with the hard labels.</summary>
    public double HardWeight { get; }

    /// <summary>How much probability the labels give to all classes alike.</summary>
    public double LabelSmoothing { get; }

    /// <summary>The keys of the terms, the hard labels' (<c>hard</c>) first.</summary>
    public IReadOnlyList<string> TermKeys => [.. HardWeight > 0 ? ["hard"] : Array.Empty<string>(), .. _losses.Select(loss => loss.Key)];

    /// <summary>Computes every term of a batch.</summary>
    /// <param name="logits">The student's logits, <c>[N, C]</c>.</param>
    /// <param name="labels">The hard labels, <c>[N]</c>.</param>
    /// <param name="batch">The batch, for the teacher.</param>
    /// <returns>The terms in the order of <see cref="TermKeys"/>: weight and scalar.</returns>
    public IReadOnlyList<(double Weight, Tensor Value)> Terms(Tensor logits, Tensor labels, Batch batch)
    {
        var terms = new List<(double, Tensor)>(_losses.Count + 1);
        if (HardWeight > 0)
        {
            terms.Add((HardWeight, nn.functional.cross_entropy(logits, labels, label_smoothing: LabelSmoothing)));
        }

        if (_losses.Count > 0)
        {
            using var targets = _teacher!.Teach(batch);
            var raw = targets[_teacher.LogitsName];
            using var teacherLogits = raw.to(logits.dtype, logits.device);
            foreach (var (_, loss) in _losses)
            {
                terms.Add((loss.Weight, loss.Compute(logits, teacherLogits)));
            }
        }

        return terms;
    }

    /// <summary>Adds up weighted terms.</summary>
    /// <param name="terms">The terms.</param>
    public static Tensor Total(IReadOnlyList<(double Weight, Tensor Value)> terms)
    {
        using var scope = NewDisposeScope();
        var total = terms[0].Value.mul(Number.Of(terms[0].Weight));
        foreach (var (weight, value) in terms.Skip(1))
        {
            total = total + value.mul(Number.Of(weight));
        }

        return total.MoveToOuterDisposeScope();
    }
}
