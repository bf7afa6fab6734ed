namespace DistillSharp.Runtime.Detection.Layouts;

/// <summary>How boxes and scores lie in a detector's outputs.</summary>
internal enum PlaceForm
{
    /// <summary>One output, <c>[4 + classes, places]</c>.</summary>
    Planes,

    /// <summary>One output, <c>[places, 4 + classes]</c>.</summary>
    Rows,

    /// <summary>One output, <c>[rows, 6]</c>: box, confidence, class.</summary>
    Finished,

    /// <summary>Boxes and scores of every class, <c>[places, 4]</c> and <c>[places, classes]</c>.</summary>
    Scored,

    /// <summary>Boxes, scores and classes, <c>[places, 4]</c>, <c>[places]</c> and <c>[places]</c>.</summary>
    Labelled,
}
