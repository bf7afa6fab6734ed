namespace DistillSharp.Losses;

/// <summary>What a loss is computed from.</summary>
[Flags]
public enum LossInput
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The student's logits, <c>[N, C]</c> or <c>[N, L, C]</c>.</summary>
    StudentLogits = 1,

    /// <summary>The teacher's logits, of the same shape.</summary>
    TeacherLogits = 2,

    /// <summary>The logits of both.</summary>
    Logits = StudentLogits | TeacherLogits,

    /// <summary>The hard labels: 0-based classes, <c>[N]</c> or <c>[N, L]</c>; below 0 is no label.</summary>
    Labels = 4,

    /// <summary>Features of both, tapped inside the models; <see cref="LossNeeds.Features"/> says which.</summary>
    Features = 8,

    /// <summary>Which tokens count, <c>[N, L]</c>: 1 or 0.</summary>
    Mask = 16,

    /// <summary>The samples' positions in the training data, <c>[N]</c>.</summary>
    Indices = 32,

    /// <summary>How much each row of logits counts, <c>[N]</c>.</summary>
    RowWeights = 64,

    /// <summary>The boxes of the pictures' objects.</summary>
    Boxes = 128,

    /// <summary>A detecting teacher's class logits of every cell, <c>[N, C, cells]</c>, one tensor a head.</summary>
    TeacherScores = 256,

    /// <summary>The teacher's last layer: weight <c>[C, D]</c> and bias <c>[C]</c>.</summary>
    TeacherClassifier = 512,

    /// <summary>The scale and bias of the batch normalisation that makes each of the teacher's features.</summary>
    TeacherNorms = 1024,

    /// <summary>The logits of both for a second, strongly augmented view of the pictures.</summary>
    StrongView = 2048,

    /// <summary>A detecting student's raw maps, <c>[N, 64 + classes, h, w]</c>, fine to coarse.</summary>
    StudentMaps = 4096,

    /// <summary>The boxes that the teacher finds in the pictures, with how sure it is of each.</summary>
    TeacherBoxes = 8192,
}
