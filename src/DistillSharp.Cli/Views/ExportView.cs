using System.Globalization;
using DistillSharp.Detection.Export;
using DistillSharp.Reports;

namespace DistillSharp.Cli.Views;

/// <summary>Prints what an export came to.</summary>
internal static class ExportView
{
    public static void Print(DetectorExportResult result, string target)
    {
        foreach (string note in result.Notes)
        {
            Console.Out.WriteLine(note);
        }

        foreach (var comparison in result.Comparisons)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"compared with the model on noise [{string.Join(", ", comparison.Shape)}]: boxes differ by up to {comparison.Pixels:0.####} pixels, scores by up to {comparison.Score:0.######}"));
        }

        if (result.Comparisons.Any(comparison => !comparison.IsSmall))
        {
            Console.Error.WriteLine("distill: warning: rounding moved boxes by more than a hundredth of the picture's side, or scores by more than 0.05, on noise. Score both files (distill val) before using the new one.");
        }

        var input = result.Graph.Inputs[0];
        Console.Out.WriteLine($"takes    {input}");
        Console.Out.WriteLine($"answers  {result.Graph.Outputs[0]}");
        Console.Out.WriteLine($"licence  {result.Card.Provenance.GetValueOrDefault("license", "none named by the weights")}");
        Console.Out.WriteLine($"{target}: {ReportTable.Size(new FileInfo(target).Length)}, operator set {result.Graph.Opset}, {result.Graph.Nodes.Count} nodes");
    }
}
