using System.Globalization;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Cli.Views;

/// <summary>Prints a score with its table by class.</summary>
internal static class ScoreView
{
    private const int MostClasses = 30;

    public static void Print(ImageDataset data, Evaluation evaluation)
    {
        var score = evaluation.Score;
        Line("data", $"{data.Name}, {score.Count.ToString("#,0", CultureInfo.InvariantCulture)} test samples");
        Line("errors", score.Errors.ToString(CultureInfo.InvariantCulture));
        Line("top-1 %", Number(100 * score.Top1, "0.00"));
        Line("top-5 %", Number(100 * score.Top5, "0.00"));
        Line("NLL", Number(score.Nll, "0.0000"));
        Line("ECE %", Number(100 * score.CalibrationError, "0.00"));
        if (score.Agreement is { } agreement)
        {
            Line("agrees %", Number(100 * agreement, "0.00"));
        }

        foreach (string bad in evaluation.BadSamples)
        {
            Line("skipped", bad);
        }

        if (evaluation.ClassCount <= MostClasses)
        {
            Console.Out.WriteLine("\nclass                 samples   right %   most often taken for");
            for (int label = 0; label < Math.Min(evaluation.ClassCount, data.ClassNames.Count); label++)
            {
                int[] row = score.Confusion[label];
                int worst = Enumerable.Range(0, row.Length).Where(i => i != label).MaxBy(i => row[i]);
                string taken = row[worst] > 0 ? $"{data.ClassNames[worst]} ({row[worst]})" : "";
                Console.Out.WriteLine($"{data.ClassNames[label],-20} {row.Sum(),8} {Number(100 * score.RecallOf(label), "0.00"),9}   {taken}");
            }
        }
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static void Line(string name, string value) => Console.Out.WriteLine($"{name,-10} {value}");
}
