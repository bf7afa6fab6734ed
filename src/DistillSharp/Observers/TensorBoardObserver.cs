using DistillSharp.Training;

namespace DistillSharp.Observers;

/// <summary>Writes TensorBoard events: losses, accuracies and the learning rate.</summary>
public sealed class TensorBoardObserver : TrainingObserver, IDisposable
{
    private TensorBoardWriter? _writer;

    /// <inheritdoc/>
    public override void OnStart(TrainingStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        _writer?.Dispose();
        _writer = start.Folder is { } folder ? new(folder, start.FirstStep) : null;
    }

    /// <inheritdoc/>
    public override void OnEpoch(EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (_writer is null)
        {
            return;
        }

        _writer.Add("loss/total", result.Loss, result.Step);
        foreach (var (key, value) in result.Terms)
        {
            _writer.Add($"loss/{key}", value, result.Step);
        }

        _writer.Add("learning_rate", result.LearningRate, result.Step);
        if (result.TrainAccuracy is { } learned)
        {
            _writer.Add("accuracy/train", learned, result.Step);
        }

        foreach (var (name, value) in result.Measures)
        {
            _writer.Add(name, value, result.Step);
        }

        if (result is { ValidationScore: { } score, ValidationLoss: { } loss })
        {
            _writer.Add(result.Measures.Count > 0 ? "fitness" : "accuracy/validation", score, result.Step);
            _writer.Add("loss/validation", loss, result.Step);
        }
    }

    /// <inheritdoc/>
    public override void OnEnd() => Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
    }
}
