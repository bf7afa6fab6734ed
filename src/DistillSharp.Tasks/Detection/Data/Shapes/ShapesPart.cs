namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>A part of <see cref="ShapesSet"/>.</summary>
public enum ShapesPart
{
    /// <summary>1,500 pictures to train on.</summary>
    Training,

    /// <summary>300 pictures that score each epoch.</summary>
    Validation,

    /// <summary>600 pictures that choose nothing.</summary>
    Test,
}
