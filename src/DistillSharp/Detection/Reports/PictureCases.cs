using System.Globalization;
using System.Numerics;
using DistillSharp.Runs;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Drawing;
using DistillSharp.Tasks.Detection.Metrics;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Detection.Reports;

/// <summary>Draws pictures with truth and every variant side by side: those first on which the distilled student lost most against the control, then those on which it gained most.</summary>
internal static class PictureCases
{
    private const int MostLost = 16, MostGained = 8;

    /// <summary>Draws them into the run's folder.</summary>
    /// <param name="found">What each variant found.</param>
    /// <param name="source">The pictures.</param>
    /// <param name="names">The classes' names.</param>
    /// <param name="folder">The run's folder.</param>
    /// <returns>The pictures, worst regression first; none without a control.</returns>
    public static IReadOnlyList<PictureCase> Draw(FoundBoxes found, IDetectionSource source, IReadOnlyList<string> names, RunFolder folder)
    {
        if (!found.Variants.Contains("control") || !found.Variants.Contains("distilled"))
        {
            return [];
        }

        Directory.CreateDirectory(Path.Combine(folder.Location, "pictures"));
        var cases = new List<PictureCase>();
        foreach (var (index, control, distilled) in Chosen(found, source))
        {
            string file = string.Create(CultureInfo.InvariantCulture, $"pictures/{cases.Count + 1:00}.png");
            if (Read(source, index) is { } picture)
            {
                ImageFile.SavePng(Strip(picture, found, source, index, names), Path.Combine(folder.Location, file));
                cases.Add(new(source.Describe(index), file, control, distilled));
            }
        }

        return cases;
    }

    /// <summary>How well boxes fit the truth: the mean over IoU thresholds of 0.50 to 0.95 of F1; 1 where nothing is there and nothing was found.</summary>
    /// <param name="found">The boxes, by falling confidence.</param>
    /// <param name="truths">The true boxes.</param>
    public static double Quality(IReadOnlyList<DetectedBox> found, IReadOnlyList<TrueBox> truths)
    {
        if (found.Count + truths.Count == 0)
        {
            return 1;
        }

        var right = new ushort[found.Count];
        BoxMatcher.Match(found, truths, right);
        return right.Sum(bits => 2.0 * BitOperations.PopCount(bits)) / (BoxMatcher.ThresholdCount * (found.Count + truths.Count));
    }

    /// <summary>True boxes in a picture's pixels.</summary>
    public static IReadOnlyList<TrueBox> TruthsOf(IDetectionSource source, int index)
    {
        var (width, height) = source.SizeOf(index);
        return [.. source.LabelsOf(index).Select(label => new TrueBox(label.ToPixels(width, height), label.ClassIndex))];
    }

    private static IEnumerable<(int Index, double Control, double Distilled)> Chosen(FoundBoxes found, IDetectionSource source)
    {
        var judged = Enumerable.Range(0, source.Count)
            .Select(index => (Index: index, Control: Quality(found.In("control", index), TruthsOf(source, index)), Distilled: Quality(found.In("distilled", index), TruthsOf(source, index))))
            .OrderBy(one => one.Distilled - one.Control).ThenBy(one => one.Index).ToList();
        var lost = judged.Where(one => one.Distilled < one.Control).Take(MostLost);
        return lost.Concat(judged.AsEnumerable().Reverse().Where(one => one.Distilled > one.Control).Take(MostGained));
    }

    private static PixelImage? Read(IDetectionSource source, int index)
    {
        try
        {
            return source.Read(index);
        }
        catch (DataException)
        {
            // A picture that could not be scored is told among those left out.
            return null;
        }
    }

    private static PixelImage Strip(PixelImage picture, FoundBoxes found, IDetectionSource source, int index, IReadOnlyList<string> names)
    {
        string NameOf(int label) => names[label];
        var truths = TruthsOf(source, index).Select(truth => (truth.Box, truth.ClassIndex, NameOf(truth.ClassIndex)));
        return PictureStrip.Draw(
            picture,
            [("truth", [.. truths]), .. found.Variants.Select(variant => (variant, (IReadOnlyList<(BoundingBox, int, string)>)[.. found.In(variant, index).Reverse().Select(box => (box.Box, box.ClassIndex, BoxPainter.LabelOf(box, NameOf)))]))]);
    }
}
