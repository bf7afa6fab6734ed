using DistillSharp.Tasks.Detection;

namespace DistillSharp.Runtime.Detection;

/// <summary>Looks at what a detector finds while it is scored. It may look, not touch: batch and lists are reused.</summary>
public abstract class DetectionObserver
{
    /// <summary>Further outputs of the model it wants to see, such as raw maps; default none.</summary>
    public virtual IReadOnlyList<string> Outputs => [];

    /// <summary>The model has answered a batch: called for each of <see cref="Outputs"/> in order, before <see cref="OnBatch"/>.</summary>
    /// <param name="index">The output's 0-based place among those wanted.</param>
    /// <param name="values">Its elements, row-major; valid during the call.</param>
    /// <param name="shape">Its shape.</param>
    public virtual void OnOutput(int index, ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
    }

    /// <summary>A batch has been scored.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="found">The boxes of each of its pictures, in pixels of the batch.</param>
    public virtual void OnBatch(DetectionBatch batch, IReadOnlyList<IReadOnlyList<DetectedBox>> found)
    {
    }

    /// <summary>A picture has been scored.</summary>
    /// <param name="index">Its 0-based position in its source.</param>
    /// <param name="found">Its boxes by falling confidence, in pixels of the picture.</param>
    public virtual void OnPicture(int index, IReadOnlyList<DetectedBox> found)
    {
    }
}
