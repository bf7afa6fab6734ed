namespace DistillSharp.Tasks.Detection;

/// <summary>The order of the numbers that a detector answers for one picture.</summary>
public enum DetectionForm
{
    /// <summary><c>[4 + classes, places]</c>: centre x, centre y, width, height in pixels of the input, an objectness where the layout has one, then a score of each class.</summary>
    Planes,

    /// <summary><c>[places, 4 + classes]</c>: the same, place by place.</summary>
    Rows,

    /// <summary><c>[rows, 6]</c>: x1, y1, x2, y2, confidence, class of boxes that were chosen inside the model.</summary>
    Finished,
}
