using DistillSharp.Execution;
using DistillSharp.Losses;
using DistillSharp.Losses.Response;
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
    /// <summary>Hard labels alone: how teachers and controls are trained.</summary>
    /// <param name="labelSmoothing">How much probability the labels give to all classes alike, 0 up to 1.</param>
    public static Objective HardLabels(double labelSmoothing = 0) => new(1, labelSmoothing, null, []);

    /// <summary>Creates an objective.</summary>
    /// <param name="hardWeight">The factor of the cross-entropy with the hard labels; 0 leaves it out.</param>
    /// <param name="labelSmoothing">How much probability the labels give to all classes alike, 0 up to 1.</param>
    /// <param name="teacher">The teacher, or null where no loss needs one.</param>
    /// <param name="losses">The distillation losses with their taps.</param>
    /// <exception cref="ArgumentException">Nothing is left to learn from.</exception>
    public Objective(double hardWeight, double labelSmoothing, Teacher? teacher, IReadOnlyList<LossTerm> losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentOutOfRangeException.ThrowIfNegative(hardWeight);
        string[] needy = [.. losses.Where(term => term.Loss.Needs.Teacher).Select(term => term.Key)];
        if (needy.Length > 0 && teacher is null)
        {
            throw new ArgumentException($"The losses {string.Join(", ", needy)} need a teacher.", nameof(teacher));
        }

        if (losses.GroupBy(term => term.Key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two terms have the key '{twice.Key}'; the key tells them apart in the logs.", nameof(losses));
        }

        if (hardWeight == 0 && losses.All(term => term.Loss.Weight == 0))
        {
            throw new ArgumentException("There is nothing to learn from: the hard labels and every distillation loss have weight 0.", nameof(hardWeight));
        }

        (HardWeight, LabelSmoothing, Teacher, Losses) = (hardWeight, labelSmoothing, teacher, losses);
        TermKeys = [.. hardWeight > 0 ? ["hard"] : Array.Empty<string>(), .. losses.Select(term => term.Key)];
    }

    /// <summary>The factor of the cross-entropy with the hard labels.</summary>
    public double HardWeight { get; }

    /// <summary>How much probability the labels give to all classes alike.</summary>
    public double LabelSmoothing { get; }

    /// <summary>The distillation losses.</summary>
    public IReadOnlyList<LossTerm> Losses { get; }

    /// <summary>What keeps the terms' gradients in proportion; null where weights are taken as they are.</summary>
    public GradientBalance? Balance { get; init; }

    /// <summary>The keys of the terms, the hard labels' (<c>hard</c>) first.</summary>
    public IReadOnlyList<string> TermKeys { get; }

    internal Teacher? Teacher { get; }

    /// <summary>The term whose loss brings the end of the student's file; null where the student keeps its own.</summary>
    internal LossTerm? PredictorTerm => Losses.FirstOrDefault(term => term.Loss.BringsPredictor);

    /// <summary>The student's values that the losses tap.</summary>
    internal IReadOnlyList<string> StudentTaps => [.. Losses.SelectMany(term => term.StudentTaps).Distinct(StringComparer.Ordinal)];

    /// <summary>Computes every term of a batch.</summary>
    /// <param name="outputs">The student's values: its logits first, then the taps by name.</param>
    /// <param name="labels">The hard labels, int64, <c>[N]</c>; below 0 is no label.</param>
    /// <param name="batch">The batch, for the teacher.</param>
    /// <param name="moment">Where in the run the batch stands.</param>
    /// <param name="strong">The same pictures strongly augmented, and the student's logits for them; null where there is one view.</param>
    /// <returns>The terms in the order of <see cref="TermKeys"/>: weight and scalar.</returns>
    public IReadOnlyList<(double Weight, Tensor Value)> Terms(NamedTensors outputs, Tensor labels, Batch batch, TrainingMoment moment, (Batch Batch, Tensor Logits)? strong = null)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(batch);
        var logits = outputs[outputs.Names.First()];
        var terms = new List<(double, Tensor)>(Losses.Count + 1);
        if (HardWeight > 0)
        {
            using var scope = NewDisposeScope();
            terms.Add((HardWeight * Balanced(0), new HardLabels(logits, labels).CrossEntropy(logits, LabelSmoothing).MoveToOuterDisposeScope()));
        }

        if (Losses.Count > 0)
        {
            using var given = new ObjectiveInputs(this, outputs, logits, labels, batch, moment, strong);
            foreach (var term in Losses)
            {
                terms.Add((term.Loss.WeightAt(moment.Progress, moment.Epoch) * Balanced(terms.Count), term.Loss.Compute(given.For(term))));
            }
        }

        return terms;
    }

    /// <summary>Computes every term of a batch of a student that is not tapped.</summary>
    /// <param name="logits">The student's logits, <c>[N, C]</c>.</param>
    /// <param name="labels">The hard labels, int64, <c>[N]</c>.</param>
    /// <param name="batch">The batch, for the teacher.</param>
    /// <returns>The terms in the order of <see cref="TermKeys"/>: weight and scalar.</returns>
    public IReadOnlyList<(double Weight, Tensor Value)> Terms(Tensor logits, Tensor labels, Batch batch) =>
        Terms(new NamedTensors(new() { ["logits"] = logits }), labels, batch, default);

    /// <summary>Adds up weighted terms.</summary>
    /// <param name="terms">The terms.</param>
    public static Tensor Total(IReadOnlyList<(double Weight, Tensor Value)> terms)
    {
        using var scope = NewDisposeScope();
        var total = terms[0].Value.mul(Number.Of(terms[0].Weight));
        foreach (var (weight, value) in terms.Skip(1))
        {
            total = total.Plus(value.mul(Number.Of(weight)));
        }

        return total.MoveToOuterDisposeScope();
    }

    private double Balanced(int term) => Balance?.FactorOf(term) ?? 1;
}
