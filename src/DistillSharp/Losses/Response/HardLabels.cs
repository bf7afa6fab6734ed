using System.Runtime.InteropServices;
using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>The hard labels of rows of logits. A row whose label is below 0 has none and is left out of every mean.</summary>
internal sealed class HardLabels
{
    // Far below every logit and yet finite, so that 0 probability times its logarithm is 0 and not NaN.
    private const double Hidden = -1e30;

    // What libtorch's cross-entropy is to skip.
    private const long NoLabel = -1;

    private readonly Tensor _labels;
    private readonly bool _complete;
    private Tensor? _index, _isLabel, _targets, _count, _shares;

    /// <summary>Takes the labels; what is made here belongs to the current dispose scope.</summary>
    /// <param name="logits">Logits, classes last.</param>
    /// <param name="labels">Their labels, int64: the same shape without the classes.</param>
    /// <exception cref="ArgumentException">The shapes do not go together.</exception>
    public HardLabels(Tensor logits, Tensor labels)
    {
        if (!LossShapes.HasOnePerRow(logits, labels))
        {
            throw new ArgumentException($"The labels are {LossShapes.Text(labels.shape)} but the logits {LossShapes.Text(logits.shape)}. Give one label for each row of logits: {LossShapes.Text(logits.shape[..^1])}.", nameof(labels));
        }

        (_labels, _complete) = (labels, Complete(labels));
    }

    private Tensor Index => _index ??= (_complete ? _labels : _labels.clamp_min(Number.Of(0L))).unsqueeze(-1);

    /// <summary>One label a row, all that are none the same one.</summary>
    private Tensor Targets => _targets ??= InOneDimension(_complete ? _labels : _labels.clamp_min(Number.Of(NoLabel)));

    /// <summary>How many rows have a label; 1 where none has, so that it may divide.</summary>
    private Tensor Count => _count ??= _labels.ge(Number.Of(0L)).sum().clamp_min(Number.Of(1L));

    /// <summary>What stands at each row's label: one value a row, in a last dimension of 1.</summary>
    /// <param name="values">Values, classes last.</param>
    public Tensor At(Tensor values) => values.gather(-1, Index);

    /// <summary>The logits with each row's label taken out of the running: its probability is 0 and gets no gradient.</summary>
    /// <param name="logits">Logits, classes last.</param>
    public Tensor Others(Tensor logits) => logits.masked_fill(LabelMask(logits), Number.Of(Hidden));

    /// <summary>The mean over rows that have a label; 0 where none has.</summary>
    /// <param name="rows">One value a row.</param>
    public Tensor Mean(Tensor rows)
    {
        if (_complete)
        {
            return rows.mean();
        }

        // Shares that need no gradient, so that backward has no division.
        _shares ??= _labels.ge(Number.Of(0L)).reshape(-1).to(rows.dtype) / Count;
        return (rows.reshape(-1) * _shares).sum();
    }

    /// <summary>The mean cross-entropy of logits over rows that have a label; 0 where none has.</summary>
    /// <param name="logits">Logits, classes last.</param>
    /// <param name="smoothing">How much probability the labels give to all classes alike, 0 up to 1.</param>
    public Tensor CrossEntropy(Tensor logits, double smoothing = 0) => _complete
        ? cross_entropy(Rows(logits), Targets, label_smoothing: smoothing)
        : cross_entropy(Rows(logits), Targets, ignore_index: NoLabel, reduction: nn.Reduction.Sum, label_smoothing: smoothing).div(Count);

    /// <summary>The logarithm of each label's probability, in a last dimension of 1. Not by cross-entropy, which wakes all threads where it is to leave rows apart.</summary>
    /// <param name="logits">Logits, classes last.</param>
    public Tensor LogProbability(Tensor logits) => At(log_softmax(logits, dim: -1));

    /// <summary>The mean cross-entropy with targets of two values, which add up to 1.</summary>
    /// <param name="logits">The student's logits, classes last.</param>
    /// <param name="onOthers">The target of every class but the label.</param>
    public Tensor SmoothedCrossEntropy(Tensor logits, double onOthers)
    {
        double classes = logits.size(-1), shared = onOthers * classes;
        if (shared <= 1)
        {
            return CrossEntropy(logits, shared);
        }

        // The label has less than the others: libtorch does not smooth that far.
        return MeanOfSums(TwoValues(logits, shared - onOthers - 1, -onOthers) * log_softmax(logits, dim: -1));
    }

    /// <summary>The mean over rows that have a label of something summed over their classes.</summary>
    /// <param name="terms">One value a class, classes last.</param>
    public Tensor MeanOfSums(Tensor terms) => _complete ? terms.sum().mul(Number.Of(1.0 / _labels.NumberOfElements)) : Mean(terms.sum(-1));

    /// <summary>One value at each row's label, another at every other class.</summary>
    /// <param name="like">Logits, whose shape and precision it has.</param>
    /// <param name="onLabel">The value at the label.</param>
    /// <param name="onOthers">The value elsewhere.</param>
    public Tensor TwoValues(Tensor like, double onLabel, double onOthers) => LabelMask(like).to(like.dtype).mul(Number.Of(onLabel - onOthers)).Plus(Number.Of(onOthers));

    /// <summary>Which class of each row is its label, true at one of each; of the logits' shape.</summary>
    /// <param name="logits">Logits, classes last.</param>
    public Tensor LabelMask(Tensor logits) => _isLabel ??= arange(Number.Of(0L), Number.Of(logits.size(-1)), Number.One, dtype: ScalarType.Int64, device: logits.device).eq(Index);

    private static Tensor InOneDimension(Tensor labels) => labels.Dimensions == 1 ? labels : labels.reshape(-1);

    private static Tensor Rows(Tensor logits) => logits.Dimensions == 2 ? logits : logits.reshape(-1, logits.size(-1));

    /// <summary>Whether every row is known to have a label: a look that costs next to nothing on the host, and would wait for all that is under way elsewhere.</summary>
    private static bool Complete(Tensor labels) => labels.device_type == DeviceType.CPU && labels.dtype == ScalarType.Int64 && labels.NumberOfElements > 0 && labels.is_contiguous()
        && !MemoryMarshal.Cast<byte, long>(labels.bytes).ContainsAnyInRange(long.MinValue, -1L);
}
