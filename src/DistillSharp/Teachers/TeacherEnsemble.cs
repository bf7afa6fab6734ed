using DistillSharp.Execution;
using DistillSharp.Native;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Teachers;

/// <summary>How the answers of several teachers become one.</summary>
public enum EnsembleCombination
{
    /// <summary>The mean of their softened probabilities (You et al., KDD 2017).</summary>
    Mean,

    /// <summary>Their weighted mean, with given weights.</summary>
    Weighted,

    /// <summary>Weighted sample by sample by how well each teacher knows the label: 1 - softmax of the cross-entropies (CA-MKD, Zhang et al., arXiv:2201.00007). Unlabelled samples are weighted by the teachers' entropies instead.</summary>
    Confidence,

    /// <summary>The mean of their logits: the normalised geometric mean of their probabilities (Hinton et al., arXiv:1503.02531).</summary>
    Logits,
}

/// <summary>
/// Several teachers as one. Softened by the temperature, its logits are exactly the weighted mean of the teachers' softened probabilities. Features are the first teacher's.
/// </summary>
public sealed class TeacherEnsemble : Teacher
{
    private readonly IReadOnlyList<Teacher> _teachers;
    private readonly EnsembleCombination _combination;
    private readonly double[] _weights;
    private readonly double _temperature;

    /// <summary>Creates the ensemble; it owns the teachers.</summary>
    /// <param name="teachers">The teachers, two or more, of the same classes.</param>
    /// <param name="combination">How their answers become one.</param>
    /// <param name="weights">How much each counts; empty for all alike.</param>
    /// <param name="temperature">The temperature at which probabilities are averaged.</param>
    /// <exception cref="DataException">The teachers tell different numbers of classes apart.</exception>
    /// <exception cref="ArgumentException">The weights are not one a teacher, or all 0.</exception>
    public TeacherEnsemble(IReadOnlyList<Teacher> teachers, EnsembleCombination combination, IReadOnlyList<double> weights, double temperature)
    {
        ArgumentNullException.ThrowIfNull(teachers);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        if (teachers.FirstOrDefault(teacher => teacher.ClassCount != teachers[0].ClassCount) is { } other)
        {
            throw new DataException($"The teachers of an ensemble must tell the same classes apart, but one knows {teachers[0].ClassCount} and another {other.ClassCount}.");
        }

        bool weighted = combination == EnsembleCombination.Weighted;
        if (weighted && (weights.Count != teachers.Count || weights.Sum() <= 0))
        {
            throw new ArgumentException($"An ensemble of {teachers.Count} teachers takes as many weights, the first teacher's first, not all 0; given are [{string.Join(", ", weights)}].", nameof(weights));
        }

        (_teachers, _combination, _temperature) = (teachers, combination, temperature);
        _weights = weighted ? [.. weights.Select(weight => weight / weights.Sum())] : [.. teachers.Select(_ => 1.0 / teachers.Count)];
    }

    /// <inheritdoc/>
    public override string LogitsName => _teachers[0].LogitsName;

    /// <inheritdoc/>
    public override int ClassCount => _teachers[0].ClassCount;

    /// <inheritdoc/>
    public override NamedTensors Teach(Batch batch) => Combine(batch, null);

    /// <inheritdoc/>
    public override NamedTensors Teach(Batch batch, Tensor student, Tensor labels, TrainingMoment moment) => Combine(batch, labels);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var teacher in _teachers)
        {
            teacher.Dispose();
        }

        base.Dispose(disposing);
    }

    private NamedTensors Combine(Batch batch, Tensor? labels)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var first = _teachers[0].Teach(batch);
        var values = first.Names.Where(name => name != LogitsName).ToDictionary(name => name, name => first[name].MoveToOuterDisposeScope(), StringComparer.Ordinal);
        Tensor[] logits = [first[LogitsName], .. _teachers.Skip(1).Select(teacher => teacher.Teach(batch)[teacher.LogitsName])];
        values[LogitsName] = Blend(logits, labels).MoveToOuterDisposeScope();
        return new(values);
    }

    /// <summary>The combined logits, <c>[N, C]</c>.</summary>
    internal Tensor Blend(Tensor[] logits, Tensor? labels)
    {
        var all = stack(logits);
        if (_combination == EnsembleCombination.Logits)
        {
            return all.mean([0L]);
        }

        var weights = _combination == EnsembleCombination.Confidence ? Confidence(all, labels) : tensor(_weights, all.dtype, all.device).reshape(-1, 1, 1);
        var softened = log_softmax(all.div(Number.Of(_temperature)), dim: -1);
        return logsumexp(softened.Plus(weights.log()), dim: 0).mul(Number.Of(_temperature));
    }

    /// <summary>The weight of each teacher for each sample, <c>[K, N, 1]</c>: they sum to 1 over the teachers.</summary>
    private static Tensor Confidence(Tensor all, Tensor? labels)
    {
        var logs = log_softmax(all, dim: -1);
        var entropy = (logs.exp() * logs).sum(-1).neg();
        var cost = entropy;
        if (labels is not null)
        {
            var known = labels.ge(Number.Of(0L));
            var index = labels.clamp(min: Number.Of(0L)).reshape(1, -1, 1).expand(all.shape[0], -1, 1);
            cost = where(known, logs.gather(2, index).squeeze(2).neg(), entropy);
        }

        return softmax(cost, dim: 0).neg().Plus(Number.Of(1)).div(Number.Of((double)Math.Max(1, all.shape[0] - 1))).unsqueeze(-1);
    }
}
