using System.Globalization;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection;

/// <summary>How a detector's answer for one picture is laid out.</summary>
/// <param name="Form">The order of its numbers.</param>
/// <param name="ClassCount">The classes it tells apart; 0 where it does not say (<see cref="DetectionForm.Finished"/>).</param>
/// <param name="BoxCount">The places it answers for, or the rows of finished boxes.</param>
public readonly record struct DetectionOutput(DetectionForm Form, int ClassCount, int BoxCount)
{
    /// <summary>Numbers a row of finished boxes has: x1, y1, x2, y2, confidence, class.</summary>
    public const int FinishedWidth = 6;

    /// <summary>Heads of strides 8, 16 and 32 answer for a multiple of this many places: 16 + 4 + 1 for each 32 x 32 pixels.</summary>
    private const int PlacesOfAStep = 21;

    /// <summary>Whether a place has a score of its own between its box and its classes, which each class's score is multiplied by, as in YOLOv5. Default false.</summary>
    public bool HasObjectness { get; init; }

    /// <summary>The numbers of one place.</summary>
    public int Width => Form == DetectionForm.Finished ? FinishedWidth : 4 + (HasObjectness ? 1 : 0) + ClassCount;

    /// <summary>The numbers of one picture's answer.</summary>
    public int Length => checked(Width * BoxCount);

    /// <summary>Tells the layout from an output's shape.</summary>
    /// <param name="shape"><c>[N, 4 + classes, places]</c>, <c>[N, places, 4 + classes]</c>, either with one number more for an objectness, or <c>[N, rows, 6]</c>.</param>
    /// <param name="classCount">The classes that the model's card names; null where it has none.</param>
    /// <exception cref="DataException">It is no detector's shape.</exception>
    public static DetectionOutput Of(ReadOnlySpan<long> shape, int? classCount)
    {
        if (shape.Length == 3 && shape[1] > 0 && shape[2] > 0 && shape[1] <= int.MaxValue && shape[2] <= int.MaxValue && shape[1] <= Array.MaxLength / shape[2])
        {
            int rows = (int)shape[1], columns = (int)shape[2];
            // Six columns are also what two classes need, place by place, or one class with an objectness.
            if (columns == FinishedWidth && !(classCount is 1 or 2 && rows % PlacesOfAStep == 0))
            {
                return new(DetectionForm.Finished, 0, rows);
            }

            // Without a card, there are more places than classes.
            if (rows > 4 && (classCount is { } told ? rows == 4 + told : rows <= columns))
            {
                return new(DetectionForm.Planes, rows - 4, columns);
            }

            if (columns > 4 && (classCount is null || columns == 4 + classCount))
            {
                return new(DetectionForm.Rows, columns - 4, rows);
            }

            if (classCount is { } named && (columns == 5 + named || rows == 5 + named))
            {
                return columns == 5 + named ? new(DetectionForm.Rows, named, rows) { HasObjectness = true } : new(DetectionForm.Planes, named, columns) { HasObjectness = true };
            }
        }

        string wanted = classCount is { } count
            ? string.Create(CultureInfo.InvariantCulture, $"[N, {4 + count}, places] or [N, places, {4 + count}] (4 for the box and one for each of the {count} classes that its card names, or one more for an objectness)")
            : "[N, 4 + classes, places] or [N, places, 4 + classes]";
        throw new DataException($"The model's output is [{string.Join(", ", shape.ToArray())}], which is no YOLO detector's: {wanted}, or [N, rows, 6] with the suppression inside, was expected. Export a detection model.");
    }
}
