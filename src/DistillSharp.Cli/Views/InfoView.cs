using System.Globalization;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Reports;
using DistillSharp.Tasks;

namespace DistillSharp.Cli.Views;

/// <summary>Prints what a model file holds.</summary>
internal static class InfoView
{
    public static void Print(string path, ModelGraph graph, bool weights)
    {
        var statistics = ModelStatistics.Of(graph);
        Line("model", $"{graph.Name} (opset {graph.Opset}, {ReportTable.Size(new FileInfo(path).Length)})");
        foreach (var input in graph.Inputs)
        {
            Line("input", input.ToString());
        }

        foreach (var output in graph.Outputs)
        {
            Line("output", output.ToString());
        }

        Line("parameters", string.Create(CultureInfo.InvariantCulture, $"{statistics.Parameters:#,0} trainable in {statistics.ParameterTensors} tensors, {statistics.Frozen:#,0} frozen"));
        Line("MACs", statistics.Macs?.ToString("#,0", CultureInfo.InvariantCulture) ?? "unknown: a size is free");
        Line("operators", string.Join(", ", statistics.Operators.Select(pair => $"{pair.Key} {pair.Value}")));
        string[] uncovered = [.. statistics.Operators.Keys.Except(OperatorTable.Covered)];
        Line("trains here", uncovered.Length == 0 ? "yes" : $"no: {string.Join(", ", uncovered)} not covered");
        if (ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata)) is { } card)
        {
            Line("task", $"{card.Task}: {string.Join(", ", card.ClassNames.Take(12))}{(card.ClassNames.Count > 12 ? $", … ({card.ClassNames.Count})" : "")}");
            Line("pictures", string.Create(CultureInfo.InvariantCulture, $"{card.Input.Channels}x{card.Input.Height}x{card.Input.Width}, mean {string.Join("/", card.Input.Mean)}, std {string.Join("/", card.Input.Deviation)}"));
            foreach (var (key, value) in card.Provenance)
            {
                Line(key, value);
            }
        }
        else
        {
            Line("card", "none");
        }

        foreach (var initializer in weights ? graph.Initializers : [])
        {
            Line(initializer.Trainable ? "trainable" : "frozen", initializer.ToString());
        }
    }

    private static void Line(string name, string value) => Console.Out.WriteLine($"{name,-11} {value}");
}
