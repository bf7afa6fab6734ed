using System.Globalization;
using DistillSharp.Cli.Commands;
using DistillSharp.Reports;

namespace DistillSharp.Cli.Views;

/// <summary>Ends a distillation with three lines for whoever runs the first one: what the teacher was good for, what the student costs, and what to type next.</summary>
internal static class SummaryView
{
    public static void Print(DistillerResult result)
    {
        var report = result.Report;
        if (report.Find("control") is not { } control || report.Find("distilled") is not { } distilled)
        {
            return;
        }

        Console.Out.WriteLine($"\n{Difference(report, control, distilled)}");
        if (report.Find("teacher") is { } teacher)
        {
            Console.Out.WriteLine(Cost(teacher, report.Find("int8") ?? distilled, distilled));
        }

        Console.Out.WriteLine($"Try it: {ProgramName.Current} predict --model {RunCommand.Quote(RunCommand.Near(result.StudentPath))} {RunCommand.Quote(RunCommand.Near(result.Folder.Example))}");
    }

    private static string Difference(RunReport report, VariantReport control, VariantReport distilled)
    {
        string from = report.Labels is { } labels
            ? string.Create(CultureInfo.InvariantCulture, $" Both saw {labels.Student:N0} labels; the teacher learned from {labels.Teacher:N0}{(labels.Unlabeled > 0 ? $" and labeled {labels.Unlabeled:N0} more images for the student" : "")}.")
            : "";
        return $"The student ({distilled.Model}) gets {Percent(distilled)} of the test images right with its teacher and {Percent(control)} without.{from}";
    }

    private static string Cost(VariantReport teacher, VariantReport shipped, VariantReport distilled)
    {
        string kind = shipped.Name == "int8" ? "INT8 file" : "file";
        double saved = distilled.Macs is > 0 and var macs && teacher.Macs is { } all ? (double)all / macs : 1;
        return $"{FileOf(saved, kind)} is {ReportTable.Size(shipped.FileLength)} (teacher: {ReportTable.Size(teacher.FileLength)}{(shipped.Name == "int8" ? $"; INT8 gets {Percent(shipped)} right" : "")}).";
    }

    /// <summary>What the line of costs begins with.</summary>
    /// <param name="saved">The teacher's multiply-accumulates over the student's.</param>
    /// <param name="kind">What the file is called.</param>
    internal static string FileOf(double saved, string kind) =>
        saved >= 1.5 ? string.Create(CultureInfo.InvariantCulture, $"It needs 1/{Math.Round(saved):0} of the teacher's compute, and its {kind}") : $"Its {kind}";

    private static string Percent(VariantReport variant) => string.Create(CultureInfo.InvariantCulture, $"{100 * variant.Mean(score => score.Top1):0.0} %");
}
