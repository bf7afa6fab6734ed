using System.Globalization;
using DistillSharp.Training;

namespace DistillSharp.Observers;

/// <summary>Writes <c>results.csv</c>: one line an epoch. A resumed run goes on where its state stopped: lines of epochs it repeats, or that were cut short, are dropped.</summary>
public sealed class CsvObserver : TrainingObserver
{
    private const string StepColumn = "step";

    private string? _path;

    /// <inheritdoc/>
    public override void OnStart(TrainingStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        _path = start.Folder is { } folder ? Path.Combine(folder, "results.csv") : null;
        if (_path is null || !File.Exists(_path))
        {
            return;
        }

        if (start.FirstStep == 0)
        {
            File.Delete(_path);
            return;
        }

        string text = File.ReadAllText(_path), kept = Kept(text, start.FirstStep);
        if (kept != text)
        {
            string temporary = _path + ".tmp";
            File.WriteAllText(temporary, kept);
            File.Move(temporary, _path, overwrite: true);
        }
    }

    /// <inheritdoc/>
    public override void OnEpoch(EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (_path is null)
        {
            return;
        }

        string[] terms = [.. result.Terms.Keys.Order(StringComparer.Ordinal)];
        string line = string.Join(',', new[]
        {
            Text(result.EpochNumber), Text(result.Step), Text(result.Loss), Text(result.TrainAccuracy), Text(result.LearningRate),
            Text(result.ValidationAccuracy), Text(result.ValidationLoss), Text(result.TrainSeconds), Text(result.ValidationSeconds), Text(result.ImagesPerSecond),
        }.Concat(terms.Select(term => Text(result.Terms[term]))));
        if (new FileInfo(_path) is not { Exists: true, Length: > 0 })
        {
            string[] names = ["epoch", StepColumn, "loss", "train_accuracy", "learning_rate", "val_accuracy", "val_loss", "train_seconds", "val_seconds", "images_per_second", .. terms.Select(term => $"loss_{term}")];
            line = string.Join(',', names) + "\n" + line;
        }

        File.AppendAllText(_path, line + "\n");
    }

    private static string Kept(string text, long firstStep)
    {
        // What follows the last line break was cut short.
        string[] lines = text.Split('\n')[..^1];
        int column = Array.IndexOf(lines.FirstOrDefault("").Split(','), StepColumn);
        var kept = lines.Where((line, i) => i == 0
            || (line.Split(',').ElementAtOrDefault(column) is { } cell && long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out long step) && step <= firstStep));
        return string.Concat(kept.Select(line => line + "\n"));
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
