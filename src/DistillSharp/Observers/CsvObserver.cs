using System.Globalization;
using DistillSharp.Training;

namespace DistillSharp.Observers;

/// <summary>Writes <c>results.csv</c>: one line an epoch. A resumed run goes on where its state stopped: lines of epochs it repeats, or that were cut short, are dropped.</summary>
public sealed class CsvObserver : TrainingObserver
{
    private IReadOnlyList<ResultColumn> _columns = [];
    private string? _path;

    /// <inheritdoc/>
    public override void OnStart(TrainingStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        _columns = start.Columns;
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

        string text = File.ReadAllText(_path), kept = Kept(text, start.FinishedEpochs);
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

        var columns = _columns.Count > 0 ? _columns : ResultColumn.OfClassifier([.. result.Terms.Keys]);
        string line = string.Join(',', columns.Select(column => column.Value(result)?.ToString(CultureInfo.InvariantCulture)));
        if (new FileInfo(_path) is not { Exists: true, Length: > 0 })
        {
            line = string.Join(',', columns.Select(column => column.Name)) + "\n" + line;
        }

        File.AppendAllText(_path, line + "\n");
    }

    private static string Kept(string text, int finished)
    {
        // What follows the last line break was cut short.
        string[] lines = text.Split('\n')[..^1];
        var kept = lines.Where((line, i) => i == 0 || (int.TryParse(line.Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) && epoch <= finished));
        return string.Concat(kept.Select(line => line + "\n"));
    }
}
