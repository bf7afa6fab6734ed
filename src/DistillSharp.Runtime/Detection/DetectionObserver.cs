using DistillSharp.Tasks.Detection;

namespace DistillSharp.Runtime.Detection;

/// <summary>Looks at what a detector finds while it is scored. It may look, not touch: batch and lists are reused.</summary>
public abstract class DetectionObserver
{
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
