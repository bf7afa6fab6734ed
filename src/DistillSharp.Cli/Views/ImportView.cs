using System.Globalization;
using DistillSharp.Reports;
using DistillSharp.Weights;
using DistillSharp.Weights.Import;

namespace DistillSharp.Cli.Views;

/// <summary>Prints what a checkpoint was, what became of its tensors, and under what licence they are.</summary>
internal static class ImportView
{
    private const int MostNames = 8;

    public static void Model(Checkpoint checkpoint, ImportedModel imported, string target)
    {
        var report = imported.Report;
        Source(checkpoint);
        Row("model", $"{imported.Name}, {Number(imported.Graph.Initializers.Where(weight => weight.Trainable).Sum(weight => weight.Data.Count))} parameters");
        Row("tensors", $"{Number(checkpoint.StateDict.Count)}: {Number(report.Loaded.Count)} loaded, {Number(report.Redrawn.Count)} drawn anew, {Number(report.Ignored.Count)} of no use here");
        if (imported.Card is { } card)
        {
            Row("classes", $"{Number(card.ClassNames.Count)}: {string.Join(", ", card.ClassNames.Take(MostNames))}{(card.ClassNames.Count > MostNames ? ", ..." : "")}");
            Row("pictures", string.Create(CultureInfo.InvariantCulture, $"{card.Input.Channels}x{card.Input.Height}x{card.Input.Width}{(card.Stride is { } stride ? $", or other multiples of {stride}" : "")}"));
        }

        Licence(checkpoint);
        if (report.Redrawn.Count > 0)
        {
            Console.Out.WriteLine($"\nDrawn anew, so the model must be trained before it is used:\n  {string.Join("\n  ", report.Redrawn)}");
        }

        Notes(imported.Notes);
        Written(target);
    }

    public static void Weights(Checkpoint checkpoint, string target)
    {
        Source(checkpoint);
        Row("tensors", $"{Number(checkpoint.StateDict.Count)}, {Number(checkpoint.StateDict.Values.Sum(tensor => tensor.Count))} elements, as they were stored");
        Licence(checkpoint);
        Notes(checkpoint.Notes);
        Written(target);
    }

    private static void Source(Checkpoint checkpoint)
    {
        var metadata = checkpoint.Metadata;
        string place = checkpoint.Source switch
        {
            CheckpointSource.Average => "the averaged model ('ema')",
            CheckpointSource.Model => "the model ('model')",
            CheckpointSource.StateDict => "a state dict in a checkpoint",
            CheckpointSource.Whole => metadata.ModelClass is null ? "a state dict" : "a saved model",
            _ => "a safetensors file",
        };
        string[] told = [place, .. new[] { metadata.ModelClass, metadata.Version is { } version ? $"version {version}" : null, metadata.Date }.OfType<string>()];
        Row("weights", string.Join(", ", told));
    }

    private static void Licence(Checkpoint checkpoint)
    {
        if (checkpoint.Metadata.License is { } licence)
        {
            Row("licence", $"{licence}; the weights stay under it, and the file written says so");
        }
    }

    private static void Notes(IReadOnlyList<string> notes)
    {
        foreach (string note in notes)
        {
            Console.Out.WriteLine($"\n{note}");
        }
    }

    private static void Written(string target) => Console.Out.WriteLine($"\n{target} ({ReportTable.Size(new FileInfo(target).Length)})");

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static void Row(string name, string value) => Console.Out.WriteLine($"{name,-9} {Shown(value)}");

    /// <summary>A stranger's text may not steer the terminal.</summary>
    private static string Shown(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));
}
