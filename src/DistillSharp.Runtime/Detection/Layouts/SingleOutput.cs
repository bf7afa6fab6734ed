using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Runtime.Detection.Layouts;

/// <summary>Tells how one output holds both boxes and scores, as YOLO's exporters write it.</summary>
/// <param name="outputs">A model's first answer.</param>
/// <param name="options">What its user says of it.</param>
/// <param name="classCount">The classes it is said to tell apart; null where nobody says.</param>
/// <param name="pictures">How many pictures it was given.</param>
/// <param name="refusal">Says what is wrong.</param>
internal sealed class SingleOutput(IReadOnlyList<OutputTensor> outputs, BoxDetectorOptions options, int? classCount, int pictures, LayoutRefusal refusal)
{
    private const string UsualName = "output0";
    private const int FinishedWidth = DetectionOutput.FinishedWidth;

    /// <summary>Tells the layout.</summary>
    /// <exception cref="DataException">No output is of such a shape.</exception>
    public BoxOutputs Find()
    {
        var output = options.Boxes is { } told ? outputs.First(one => one.Name == told)
            : outputs.FirstOrDefault(one => one.Name == UsualName) ?? outputs.FirstOrDefault(one => IsBatched(one) && classCount is { } classes && one.Shape.Skip(1).Contains(4L + classes)) ?? outputs.FirstOrDefault(IsBatched);
        if (output is null || (options.Scores is { } scores && scores != output.Name) || options.Labels is not null || !(IsBatched(output) || (options.Boxes is not null && output.Shape.Length == 2 && pictures == 1)))
        {
            throw refusal.Because(options.Boxes is null
                ? "No output holds boxes: a teacher without boxes, such as a classifier, cannot teach a detector."
                : $"The option Boxes names '{options.Boxes}', which does not hold four numbers for each place.");
        }

        var found = LayoutOf(output, output.Shape.Length == 2 ? [1, .. output.Shape] : output.Shape);
        return found with { IsBatched = output.Shape.Length == 3 };
    }

    private static bool IsWholeColumn(OutputTensor output)
    {
        for (int i = FinishedWidth - 1; i < output.Values.Length; i += FinishedWidth)
        {
            if (!float.IsInteger(output.Values[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsBatched(OutputTensor output) => !output.IsWhole && output.Shape is [var rows, _, _] && rows == pictures;

    private BoxOutputs LayoutOf(OutputTensor output, long[] shape)
    {
        if (shape[2] == FinishedWidth && shape[1] == 0)
        {
            return Of(output, PlaceForm.Finished, 1);
        }

        // Six numbers a place are a finished box where the last one is a class; otherwise the scores of two classes, or a score of the place's own and one class's.
        if (shape[2] == FinishedWidth && !IsWholeColumn(output))
        {
            return classCount is 1 ? Of(output, PlaceForm.Rows, 1, objectness: true) : Of(output, PlaceForm.Rows, classCount is null or 2 ? 2 : throw Mismatch(2));
        }

        // One number a place more than its box and its classes: a score of its own, as in YOLOv5 and YOLOX.
        if (shape[2] != FinishedWidth && classCount is { } classes && shape[1] != 4 + classes && shape[2] != 4 + classes && (shape[1] == 5 + classes || shape[2] == 5 + classes))
        {
            return Of(output, shape[2] == 5 + classes ? PlaceForm.Rows : PlaceForm.Planes, classes, objectness: true);
        }

        try
        {
            var layout = DetectionOutput.Of(shape, classCount);
            return layout.Form switch
            {
                DetectionForm.Finished => Of(output, PlaceForm.Finished, 1),
                DetectionForm.Planes => Of(output, PlaceForm.Planes, layout.ClassCount),
                _ => Of(output, PlaceForm.Rows, layout.ClassCount),
            };
        }
        catch (DataException error)
        {
            throw refusal.Because(options.Boxes is null ? error.Message : $"The option Boxes names '{options.Boxes}', which does not hold four numbers for each place. {error.Message}");
        }
    }

    private static BoxOutputs Of(OutputTensor output, PlaceForm form, int columns, bool objectness = false) =>
        new(form, output.Name, output.Name) { Columns = columns, HasObjectness = objectness, Labels = form == PlaceForm.Finished ? output.Name : null };

    private DataException Mismatch(int found) => refusal.Because($"The output's rows of six numbers do not end in a class, so they would tell {found} classes apart, but {classCount} are named.");
}
