namespace DistillSharp.Training;

/// <summary>What the loss of a batch is of the losses of its images; it decides how the gradients of several batches make one step.</summary>
internal enum BatchLoss
{
    /// <summary>Their mean: the gradients of several batches are averaged, each by its number of images.</summary>
    Mean,

    /// <summary>Their sum, as YOLO's is published: the gradients of several batches are added up.</summary>
    Sum,
}
