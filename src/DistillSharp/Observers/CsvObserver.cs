using System.Globalization;
using DistillSharp.Training;

namespace DistillSharp.Observers;

/// <summary>Writes <c>results.csv</c>: one line an epoch. A resumed run goes on where the file stopped.</summary>
public sealed class CsvObserver : TrainingObserver
{
    private string? _path;

    /// <inheritdoc/>
    public override void OnStart(TrainingStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        _path = start.Folder is { } folder ? Path.Combine(folder, "results.csv") : null;
        if (_path is not null && start.FirstStep == 0)
        {
            File.Delete(_path);
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
        if (!File.Exists(_path))
        {
            string[] names = ["epoch", "step", "loss", "train_accuracy", "learning_rate", "val_accuracy", "val_loss", "train_seconds", "val_seconds", "images_per_second", .. terms.Select(term => $"loss_{term}")];
            line = string.Join(',', names) + "\n" + line;
        }

        File.AppendAllText(_path, line + "\n");
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
