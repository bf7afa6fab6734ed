using DistillSharp.Execution;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;
using static TorchSharp.torch;

namespace DistillSharp.Teachers;

/// <summary>Gives the targets a student learns from: a batch in, named tensors out, without gradient.</summary>
public abstract class Teacher : IDisposable
{
    /// <summary>The name of the value that holds the class scores before the softmax, <c>[N, C]</c>.</summary>
    public abstract string LogitsName { get; }

    /// <summary>The number of classes.</summary>
    public abstract int ClassCount { get; }

    /// <summary>Computes the targets of a batch: the very pictures the student sees.</summary>
    /// <param name="batch">The batch, normalised for the student.</param>
    public abstract NamedTensors Teach(Batch batch);

    /// <summary>Computes the targets of a batch for a teacher that looks at the student or at the labels too: a peer, or several teachers weighed sample by sample.</summary>
    /// <param name="batch">The batch, normalised for the student.</param>
    /// <param name="student">The student's logits, <c>[N, C]</c>.</param>
    /// <param name="labels">The hard labels, int64, <c>[N]</c>.</param>
    /// <param name="moment">Where in the run the batch stands.</param>
    public virtual NamedTensors Teach(Batch batch, Tensor student, Tensor labels, TrainingMoment moment) => Teach(batch);

    /// <summary>What it trains or keeps beside the student; null (default) where it is finished.</summary>
    public virtual Companion? Companion => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the teacher holds.</summary>
    /// <param name="disposing">Whether called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
