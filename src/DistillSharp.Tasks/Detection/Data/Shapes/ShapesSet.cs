namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>
/// Painted shapes of eight classes, made by the library itself: a detection data set that needs no files. Small pictures of 1 to 5 shapes on patterned grounds, some with none;
/// the same pictures on every machine.
/// </summary>
public static class ShapesSet
{
    /// <summary>The set's name: <c>shapes</c>.</summary>
    public const string Name = "shapes";

    /// <summary>The classes' names: circle, square, triangle, pentagon, star, cross, ring, crescent.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = [.. ShapeOutlines.All.Select(shape => shape.Name)];

    /// <summary>Opens the set: 1,500 pictures to train on, 300 to validate with, 600 to test with. Pictures are painted when they are read.</summary>
    public static DetectionDataset Open() =>
        new(Name, ClassNames, new ShapesSource(ShapesPart.Training), new ShapesSource(ShapesPart.Validation)) { Test = new ShapesSource(ShapesPart.Test) };
}
