using DistillSharp.Tasks.Detection;

namespace DistillSharp.Detection.Distillation;

/// <summary>Teaches a detector: a batch in, what losses compare out, without gradient. It sees the very pictures that the student sees, augmented as they are.</summary>
internal abstract class DetectionTeacher : IDisposable
{
    /// <summary>Looks at a batch.</summary>
    /// <param name="batch">The pictures.</param>
    /// <returns>What it says of them; the caller disposes it.</returns>
    public abstract DetectionAnswers Teach(DetectionBatch batch);

    /// <inheritdoc/>
    public abstract void Dispose();
}
