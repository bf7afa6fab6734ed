using DistillSharp.Execution;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;
using static TorchSharp.torch;

namespace DistillSharp.Teachers;

/// <summary>Any ONNX classifier as a teacher: ONNX Runtime runs it on every batch the student sees. Where its card wants another size, colour or normalisation than the student's, the batch is converted.</summary>
public sealed class SessionTeacher : Teacher
{
    private readonly ModelSession _session;
    private readonly ImageInput _student, _own;

    /// <summary>Creates the teacher; it owns the session.</summary>
    /// <param name="session">The model.</param>
    /// <param name="student">What the student's batches look like.</param>
    /// <param name="classes">The number of classes of the data.</param>
    /// <exception cref="DataException">The teacher tells another number of classes apart, or has no card and another input.</exception>
    public SessionTeacher(ModelSession session, ImageInput student, int classes)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(student);
        _session = session;
        _student = student;
        _own = session.Card?.Input ?? student;
        int? found = session.ClassCount;
        if (found is { } count && count != classes)
        {
            throw new DataException($"The teacher tells {count} classes apart, but the data and the student have {classes}. Use a teacher trained on these classes.");
        }

        ClassCount = classes;
    }

    /// <inheritdoc/>
    public override string LogitsName => _session.OutputNames[0];

    /// <inheritdoc/>
    public override int ClassCount { get; }

    /// <inheritdoc/>
    public override NamedTensors Teach(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (values, shape) = _session.Run(Convert(batch), [batch.Count, _own.Channels, _own.Height, _own.Width]);
        return new(new() { [LogitsName] = TensorConversion.FromFloats(values, shape, ScalarType.Float32, CPU) });
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _session.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Undoes the student's normalisation, fits colour and size, and applies the teacher's.</summary>
    private ReadOnlyMemory<float> Convert(Batch batch)
    {
        if (_own.Channels == _student.Channels && _own.Height == _student.Height && _own.Width == _student.Width
            && _own.Mean.SequenceEqual(_student.Mean) && _own.Deviation.SequenceEqual(_student.Deviation))
        {
            return batch.Pixels;
        }

        using var scope = NewDisposeScope();
        var pixels = TensorConversion.FromFloats(batch.Pixels.Span, [batch.Count, _student.Channels, _student.Height, _student.Width], ScalarType.Float32, CPU);
        pixels = (pixels * Row(_student.Deviation)) + Row(_student.Mean);
        if (_own.Channels != _student.Channels)
        {
            pixels = _own.Channels == 3 ? pixels.expand(-1, 3, -1, -1) : pixels.mean([1], keepdim: true);
        }

        if (_own.Height != _student.Height || _own.Width != _student.Width)
        {
            pixels = nn.functional.interpolate(pixels, [_own.Height, _own.Width], mode: InterpolationMode.Bilinear, align_corners: false);
        }

        pixels = ((pixels - Row(_own.Mean)) / Row(_own.Deviation)).contiguous();
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(pixels.bytes).ToArray();
    }

    private static Tensor Row(IReadOnlyList<float> values) => tensor(values.ToArray()).view(1, -1, 1, 1);
}
