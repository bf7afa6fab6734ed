using System.Globalization;
using DistillSharp.Execution;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;
using static TorchSharp.torch;

namespace DistillSharp.Teachers;

/// <summary>Any ONNX classifier as a teacher: ONNX Runtime runs it on every batch the student sees. Where its card wants another size, colour or normalisation than the student's, the batch is converted.</summary>
public sealed class SessionTeacher : Teacher
{
    private readonly ModelSession _session;
    private readonly ImageInput _student, _own;
    private readonly bool _probabilities;
    private readonly string[] _wanted;

    /// <summary>Creates the teacher; it owns the session.</summary>
    /// <param name="session">The model.</param>
    /// <param name="student">What the student's batches look like.</param>
    /// <param name="classes">The number of classes of the data.</param>
    /// <param name="input">The pictures that the model wants; null for what its card says, or, without one, for the student's.</param>
    /// <param name="probabilities">Whether it answers probabilities instead of logits; their logarithms are taught.</param>
    /// <param name="taps">The values that losses compare, by name: outputs of the session's model.</param>
    /// <exception cref="DataException">The teacher tells another number of classes apart, or has no card and another input.</exception>
    public SessionTeacher(ModelSession session, ImageInput student, int classes, ImageInput? input = null, bool probabilities = false, IReadOnlyList<string>? taps = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(student);
        _session = session;
        _student = student;
        _own = input ?? session.Card?.Input ?? student;
        _probabilities = probabilities;
        RequireFit(session, _own, classes, input is not null);
        ClassCount = classes;
        _wanted = [session.OutputNames[0], .. taps ?? []];
        if (_wanted.Length > 1 && session.FixedBatchSize is { } size)
        {
            throw new DataException($"The teacher's file is for batches of {size}, so its features cannot be had for any other. Free the batch: distill convert FILE --dynamic-batch --out FILE.");
        }
    }

    /// <inheritdoc/>
    public override string LogitsName => _session.OutputNames[0];

    /// <inheritdoc/>
    public override int ClassCount { get; }

    /// <inheritdoc/>
    public override NamedTensors Teach(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_wanted.Length > 1)
        {
            return TeachFeatures(batch);
        }

        var (values, shape) = _session.Run(Convert(batch), [batch.Count, _own.Channels, _own.Height, _own.Width]);
        if (_probabilities)
        {
            Tasks.Classification.ProbabilityAnswers.ToLogits(values);
        }

        return new(new() { [LogitsName] = TensorConversion.FromFloats(values, shape, ScalarType.Float32, CPU) });
    }

    private NamedTensors TeachFeatures(Batch batch)
    {
        var values = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var pixels = Convert(batch)[..(batch.Count * _own.Channels * _own.Height * _own.Width)];
        _session.Run(pixels, [batch.Count, _own.Channels, _own.Height, _own.Width], _wanted, (index, span, shape) =>
        {
            var floats = span;
            if (index == 0 && _probabilities)
            {
                float[] logits = span.ToArray();
                Tasks.Classification.ProbabilityAnswers.ToLogits(logits);
                floats = logits;
            }

            values[_wanted[index]] = TensorConversion.FromFloats(floats, shape, ScalarType.Float32, CPU);
        });
        return new(values);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _session.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Refuses a model that tells other classes apart, or takes other pictures than it is to be shown.</summary>
    /// <param name="session">The model.</param>
    /// <param name="own">The pictures it is to be shown.</param>
    /// <param name="classes">The number of classes of the data.</param>
    /// <param name="told">Whether somebody said what pictures it wants, and not its card.</param>
    internal static void RequireFit(ModelSession session, ImageInput own, int classes, bool told)
    {
        int? found = session.ClassCount;
        if (found is { } count && count != classes)
        {
            throw new DataException($"The teacher tells {count} classes apart, but the data and the student have {classes}. Use a teacher trained on these classes.");
        }

        long?[] wanted = [own.Channels, own.Height, own.Width];
        if (session.InputShape.Count != 4 || session.InputShape.Skip(1).Zip(wanted, (size, asked) => size is { } one && one != asked).Any(differs => differs))
        {
            string said = told ? "it was said to want" : session.Card is null ? "it carries no card, and the student's are" : "its card says";
            throw new DataException(
                $"The teacher takes pictures of [{string.Join(", ", session.InputShape.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "?"))}], but {said} [batch, {string.Join(", ", wanted)}]. "
                + (session.InputShape is [_, not (1 or 3), _, 1 or 3] ? "It takes the channels last; turn it with: distill convert FILE --pass channels-first --out FILE. " : "")
                + "A card (see ModelCard) tells how pictures are to be converted for it; without one say it with teacher.mean and teacher.std (--teacher-mean, --teacher-std), or write a card with: distill convert FILE --names FILE --mean M --std S --out FILE.");
        }
    }

    /// <summary>
    /// Undoes the student's normalisation, fits colour and size, and applies the teacher's. The student's pictures are pictures of
    /// 8 bits, so what the teacher sees here is what it sees of the same file anywhere else.
    /// </summary>
    private ReadOnlyMemory<float> Convert(Batch batch)
    {
        if (_own.Channels == _student.Channels && _own.Height == _student.Height && _own.Width == _student.Width
            && _own.Mean.SequenceEqual(_student.Mean) && _own.Deviation.SequenceEqual(_student.Deviation))
        {
            return batch.Pixels;
        }

        int pictureLength = _student.Channels * _student.Height * _student.Width, ownLength = _own.Channels * _own.Height * _own.Width;
        float[] converted = new float[batch.Count * ownLength];
        Parallel.For(0, batch.Count, i =>
        {
            var picture = new PixelImage(_student.Channels, _student.Height, _student.Width, Restore(batch.Pixels.Span.Slice(i * pictureLength, pictureLength)));
            Normalize(ImageResizer.Fit(picture, _own.Channels, _own.Height, _own.Width), converted.AsSpan(i * ownLength, ownLength));
        });
        return converted;
    }

    private byte[] Restore(ReadOnlySpan<float> normalized)
    {
        byte[] pixels = new byte[normalized.Length];
        int plane = _student.Height * _student.Width;
        for (int i = 0; i < pixels.Length; i++)
        {
            double value = ((normalized[i] * (double)_student.Deviation[i / plane]) + _student.Mean[i / plane]) * 255;
            pixels[i] = (byte)Math.Clamp(Math.Round(value), 0, 255);
        }

        return pixels;
    }

    private void Normalize(PixelImage picture, Span<float> target)
    {
        int plane = _own.Height * _own.Width;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = (float)(((picture.Pixels[i] / 255.0) - _own.Mean[i / plane]) / _own.Deviation[i / plane]);
        }
    }
}
