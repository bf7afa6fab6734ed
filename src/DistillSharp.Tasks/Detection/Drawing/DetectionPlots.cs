using DistillSharp.Tasks.Detection.Metrics;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Drawing;

/// <summary>Writes the pictures of a detector's score, by the names that Ultralytics users look for.</summary>
public static class DetectionPlots
{
    /// <summary>Writes the four curves and the confusion matrix, as counts and normalised.</summary>
    /// <param name="score">The score.</param>
    /// <param name="nameOf">The name of a 0-based class.</param>
    /// <param name="folder">The folder; it is made.</param>
    /// <returns>The files.</returns>
    public static IReadOnlyList<string> Save(DetectionScore score, Func<int, string> nameOf, string folder)
    {
        ArgumentNullException.ThrowIfNull(score);
        Directory.CreateDirectory(folder);
        (string Name, PixelImage Picture)[] pictures =
        [
            ("P_curve.png", CurvePicture.Draw(score, CurveKind.Precision, nameOf)),
            ("R_curve.png", CurvePicture.Draw(score, CurveKind.Recall, nameOf)),
            ("F1_curve.png", CurvePicture.Draw(score, CurveKind.F1, nameOf)),
            ("PR_curve.png", CurvePicture.Draw(score, CurveKind.PrecisionOverRecall, nameOf)),
            ("confusion_matrix.png", ConfusionPicture.Draw(score.Confusion, normalized: false, nameOf)),
            ("confusion_matrix_normalized.png", ConfusionPicture.Draw(score.Confusion, normalized: true, nameOf)),
        ];
        foreach (var (name, picture) in pictures)
        {
            ImageFile.SavePng(picture, Path.Combine(folder, name));
        }

        return [.. pictures.Select(one => Path.Combine(folder, one.Name))];
    }
}
