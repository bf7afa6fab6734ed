using DistillSharp.Execution;
using DistillSharp.Tasks.Data;

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
