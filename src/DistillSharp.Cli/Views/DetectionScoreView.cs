using System.Globalization;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Cli.Views;

/// <summary>A detector's score: all classes, then each one that occurs.</summary>
internal static class DetectionScoreView
{
    private static readonly string[] s_columns = ["Images", "Instances", "P", "R", "mAP50", "mAP50-95"];

    /// <summary>Prints the table.</summary>
    /// <param name="score">The score.</param>
    /// <param name="speed">The time a picture took.</param>
    /// <param name="names">The classes' names.</param>
    public static void Print(DetectionScore score, DetectionSpeed speed, IReadOnlyList<string> names)
    {
        int width = score.Classes.Select(one => names[one.ClassIndex].Length).Append(5).Max();
        Console.Out.WriteLine($"{"Class".PadLeft(width)} {string.Concat(s_columns.Select(column => column.PadLeft(11)))}");
        Line(width, "all", score.Images, score.Instances, score.Precision, score.Recall, score.Map50, score.Map);
        foreach (var one in score.Classes)
        {
            Line(width, names[one.ClassIndex], one.Images, one.Instances, one.Precision, one.Recall, one.Ap50, one.Ap);
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Speed: {speed.Preprocess:0.0} ms preprocess, {speed.Inference:0.0} ms inference, {speed.Postprocess:0.0} ms postprocess per image"));
        Console.Out.WriteLine($"{DetectionScore.MapMethod}.");
    }

    private static void Line(int width, string name, int images, int instances, params double[] numbers) =>
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name.PadLeft(width)} {images,11}{instances,11}{string.Concat(numbers.Select(number => number.ToString("0.000", CultureInfo.InvariantCulture).PadLeft(11)))}"));
}
