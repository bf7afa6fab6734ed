using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>One part of <see cref="ShapesSet"/>. A picture is painted each time it is read; sizes and boxes are known without painting. Boxes go around all of a shape that lies in the picture, also where another shape hides it.</summary>
public sealed class ShapesSource : IDetectionSource
{
    private readonly ShapesPart _part;
    private readonly IReadOnlyList<BoxLabel>?[] _labels;

    /// <summary>Opens a part.</summary>
    /// <param name="part">The part.</param>
    public ShapesSource(ShapesPart part)
    {
        _part = part;
        _labels = new IReadOnlyList<BoxLabel>?[part switch
        {
            ShapesPart.Training => 1_500,
            ShapesPart.Validation => 300,
            ShapesPart.Test => 600,
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "The parts are Training, Validation and Test."),
        }];
    }

    /// <inheritdoc/>
    public int Count => _labels.Length;

    /// <inheritdoc/>
    public string Describe(int index) => $"{ShapesSet.Name}, {(_part is ShapesPart.Training ? "training" : _part is ShapesPart.Validation ? "validation" : "test")} picture {Checked(index)}";

    /// <inheritdoc/>
    public (int Width, int Height) SizeOf(int index) => ShapeScene.SizeOf(_part, Checked(index));

    /// <inheritdoc/>
    public IReadOnlyList<BoxLabel> LabelsOf(int index) => _labels[Checked(index)] ??= Labels(index);

    /// <inheritdoc/>
    public PixelImage Read(int index) => ScenePainter.Paint(ShapeScene.Plan(_part, Checked(index)));

    private BoxLabel[] Labels(int index)
    {
        var scene = ShapeScene.Plan(_part, index);
        return [.. scene.Shapes.Select(shape => shape.ToLabel(scene.Width, scene.Height))];
    }

    private int Checked(int index) => index >= 0 && index < Count ? index
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"This part of '{ShapesSet.Name}' has the pictures 0 to {Count - 1}.");
}
