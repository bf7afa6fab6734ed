using DistillSharp.Execution;
using DistillSharp.Tasks.Data;
using static TorchSharp.torch;

namespace DistillSharp.Teachers;

/// <summary>A teacher's logits for a whole transfer set, computed once. Only right where the student sees the same pictures every epoch: without augmentation.</summary>
public sealed class CachedTeacher : Teacher
{
    private readonly float[] _logits;

    /// <summary>Asks a teacher about every sample.</summary>
    /// <param name="teacher">The teacher; it is not owned.</param>
    /// <param name="source">The transfer set.</param>
    /// <param name="options">How samples are loaded; order and augmentation are ignored.</param>
    /// <param name="progress">Told the number of samples done.</param>
    /// <param name="cancellation">Stops the work.</param>
    public CachedTeacher(Teacher teacher, ISampleSource source, BatchLoaderOptions options, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        (LogitsName, ClassCount) = (teacher.LogitsName, teacher.ClassCount);
        _logits = new float[(long)source.Count * ClassCount];
        int done = 0;
        foreach (var batch in new BatchLoader(source, options with { Shuffle = false, DropLast = false, Augmentations = [] }).Epoch(0, 0, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            using var answers = teacher.Teach(batch);
            var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(answers[LogitsName].bytes);
            for (int i = 0; i < batch.Count; i++)
            {
                values.Slice(i * ClassCount, ClassCount).CopyTo(_logits.AsSpan(batch.Indices.Span[i] * ClassCount));
            }

            progress?.Report(done += batch.Count);
        }
    }

    /// <inheritdoc/>
    public override string LogitsName { get; }

    /// <inheritdoc/>
    public override int ClassCount { get; }

    /// <inheritdoc/>
    public override NamedTensors Teach(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        float[] values = new float[batch.Count * ClassCount];
        for (int i = 0; i < batch.Count; i++)
        {
            _logits.AsSpan(batch.Indices.Span[i] * ClassCount, ClassCount).CopyTo(values.AsSpan(i * ClassCount));
        }

        return new(new() { [LogitsName] = TensorConversion.FromFloats(values, [batch.Count, ClassCount], ScalarType.Float32, CPU) });
    }
}
