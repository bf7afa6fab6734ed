using DistillSharp.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>One batch of a task: what goes into the model, and what its outputs cost. Valid until the next batch is taken.</summary>
internal abstract class TrainingBatch
{
    /// <summary>How many pictures it holds.</summary>
    public abstract int Count { get; }

    /// <summary>The pictures, <c>[N, C, H, W]</c>, in the executor's precision and on its device; the caller disposes them.</summary>
    /// <param name="executor">The model.</param>
    /// <param name="step">The 0-based step, from which random sizes are drawn.</param>
    public abstract Tensor Input(GraphExecutor executor, long step);

    /// <summary>The terms of the loss, in the order of the task's keys: weight and scalar; the caller disposes the scalars.</summary>
    /// <param name="outputs">The model's outputs.</param>
    /// <param name="executor">The model.</param>
    /// <param name="moment">Where in the run the batch stands.</param>
    public abstract IReadOnlyList<(double Weight, Tensor Value)> Terms(NamedTensors outputs, GraphExecutor executor, TrainingMoment moment);

    /// <summary>What is reported of the batch, by key: each term, unless the task tells more. Called after <see cref="Terms"/>.</summary>
    /// <param name="keys">The keys of the terms.</param>
    /// <param name="terms">The terms.</param>
    public virtual IEnumerable<(string Key, double Value)> Report(IReadOnlyList<string> keys, IReadOnlyList<(double Weight, Tensor Value)> terms) =>
        keys.Zip(terms, (key, term) => (key, term.Value.ToDouble()));

    /// <summary>Whether every term can teach from it: a batch without a label sends no gradient from the hard labels.</summary>
    public virtual bool FeedsEveryTerm => true;

    /// <summary>How many images have an answer to be held against.</summary>
    public virtual int CountAnswered => Count;

    /// <summary>How many pictures were answered right; null where a picture has no one answer.</summary>
    /// <param name="outputs">The model's outputs.</param>
    public virtual int? CountRight(NamedTensors outputs) => null;
}
