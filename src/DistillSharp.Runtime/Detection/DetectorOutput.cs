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
    /// <param name="classCount">The classes it must tell apart; null for what its card says.</param>
    /// <exception cref="DataException">It is no detector's answer.</exception>
    public static DetectionOutput Layout(ModelSession session, ReadOnlySpan<long> shape, int pictures, int? classCount)
    {
        var output = DetectionOutput.Of(shape, session.Card?.ClassNames.Count ?? classCount);
        return shape[0] == pictures
            ? output
            : throw new DataException($"The model's output '{NameOf(session)}' is [{string.Join(", ", shape.ToArray())}] for {pictures} pictures; a detector answers a row a picture.");
    }
}
