using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Runtime.Detection;

/// <summary>Which of a model's outputs holds the boxes, and what a model must be to be run as a detector.</summary>
internal static class DetectorOutput
{
    private const string UsualName = "output0";

    /// <summary>The output with the boxes: the one that exporters call <c>output0</c>, otherwise the first.</summary>
    public static string NameOf(ModelSession session) => session.OutputNames.Contains(UsualName) ? UsualName : session.OutputNames[0];

    /// <summary>Refuses a model that does not look at colour pictures.</summary>
    /// <exception cref="DataException">Its input is none of <c>[N, 3, H, W]</c>.</exception>
    public static void RequirePictures(ModelSession session)
    {
        if (session.InputShape is not [_, null or 3, _, _])
        {
            throw new DataException($"The model's input '{session.InputName}' is [{string.Join(", ", session.InputShape.Select(size => size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"))}]; a detector takes [N, 3, H, W].");
        }
    }

    /// <summary>The layout of a batch's answer.</summary>
    /// <param name="session">The model.</param>
    /// <param name="shape">The answer's shape.</param>
    /// <param name="pictures">How many pictures it was given.</param>
    /// <param name="size">Rows and columns of these pictures.</param>
    /// <param name="classCount">The classes it must tell apart; null for what its card says.</param>
    /// <exception cref="DataException">It is no detector's answer.</exception>
    public static DetectionOutput Layout(ModelSession session, ReadOnlySpan<long> shape, int pictures, (int Height, int Width) size, int? classCount)
    {
        int? classes = session.Card?.ClassNames.Count ?? classCount;
        if (session.Card is null && UnsupportedDetector.OfRows(NameOf(session), shape, size, classes) is { } refusal)
        {
            throw new DataException(refusal);
        }

        var output = DetectionOutput.Of(shape, classes);
        return shape[0] == pictures
            ? output
            : throw new DataException($"The model's output '{NameOf(session)}' is [{string.Join(", ", shape.ToArray())}] for {pictures} pictures; a detector answers a row a picture.");
    }

    /// <summary>Refuses boxes beside an objectness that are not decoded.</summary>
    /// <param name="session">The model.</param>
    /// <param name="answer">One picture's answer.</param>
    /// <param name="output">Its layout.</param>
    /// <param name="size">Rows and columns of the picture.</param>
    /// <exception cref="DataException">They are not.</exception>
    public static void RequireDecoded(ModelSession session, ReadOnlySpan<float> answer, DetectionOutput output, (int Height, int Width) size)
    {
        if (output.HasObjectness && UnsupportedDetector.OfBoxes(NameOf(session), answer, output.BoxCount, output.Form == DetectionForm.Planes ? 1 : output.Width, size, output.ClassCount) is { } refusal)
        {
            throw new DataException(refusal);
        }
    }
}
