using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Reports;
using DistillSharp.Runtime.Comparison;

namespace DistillSharp.Cli.Views;

/// <summary>Prints what a conversion did: pass by pass, the outputs' differences, and the model before and after.</summary>
internal static class ConvertView
{
    private const int MostNotes = 10;

    public static void Changes(IReadOnlyList<PassChanges> passes, string? card)
    {
        foreach (var changes in passes)
        {
            Console.Out.WriteLine(changes);
            foreach (string note in changes.Notes.Take(MostNotes))
            {
                Console.Out.WriteLine($"  {note}");
            }

            if (changes.Notes.Count > MostNotes)
            {
                Console.Out.WriteLine($"  and {changes.Notes.Count - MostNotes} more");
            }
        }

        if (card is not null)
        {
            Console.Out.WriteLine(card);
        }
    }

    public static void Differences(IReadOnlyList<OutputDifference> differences, string fed)
    {
        Console.Out.WriteLine($"\nONNX Runtime before and after, fed {fed}:");
        foreach (var difference in differences)
        {
            string text = double.IsFinite(difference.Absolute)
                ? string.Create(CultureInfo.InvariantCulture, $"largest difference {difference.Absolute:0.0e+0}, a share of {difference.Relative:0.0e+0} of its largest element")
                : "other shape, or numbers where there were none";
            Console.Out.WriteLine($"  {difference.Name}: {(difference.Absolute == 0 ? "the same" : text)}");
        }
    }

    public static void Table(ModelGraph before, ModelGraph after, string target)
    {
        var (one, two) = (ModelStatistics.Of(before), ModelStatistics.Of(after));
        Console.Out.WriteLine();
        Row("", "before", "after");
        Row("nodes", Number(before.Nodes.Count), Number(after.Nodes.Count));
        Row("parameters", Number(one.Parameters), Number(two.Parameters));
        Row("constants", Number(one.Frozen), Number(two.Frozen));
        Row("MACs", one.Macs is { } macs ? Number(macs) : "unknown", two.Macs is { } fewer ? Number(fewer) : "unknown");
        Row("operator set", Number(before.Opset), Number(after.Opset));
        Row("file", ReportTable.Size(OnnxFile.Serialize(before).LongLength), ReportTable.Size(new FileInfo(target).Length));
        Console.Out.WriteLine($"\n{target}");
    }

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static void Row(string name, string before, string after) => Console.Out.WriteLine($"{name,-13} {before,16} {after,16}".TrimEnd());
}
