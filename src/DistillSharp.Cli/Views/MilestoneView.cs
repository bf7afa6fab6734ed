using System.Diagnostics;
using System.Globalization;
using DistillSharp.Observers;
using DistillSharp.Training;

namespace DistillSharp.Cli.Views;

/// <summary>Tells some ten lines a stage: enough for a log, not a flood.</summary>
internal sealed class MilestoneView : ProgressView
{
    private const int LinesAStage = 10;

    public MilestoneView() => Observer = new Looker(this);

    public override TrainingObserver Observer { get; }

    public override void Report(string value) => Console.Out.WriteLine(value);

    private sealed class Looker(MilestoneView view) : TrainingObserver
    {
        private TrainingStart? _start;
        private Stopwatch _clock = Stopwatch.StartNew();
        private int _first = -1;

        public override void OnStudy(TrainingStudy study)
        {
            if (study.Step == 1)
            {
                view.Remember(study.Folder);
                _clock = Stopwatch.StartNew();
            }

            if (study.Step * LinesAStage / study.Steps > (study.Step - 1) * LinesAStage / study.Steps)
            {
                // The clock began at the end of the first batch.
                var left = _clock.Elapsed / Math.Max(1, study.Step - 1) * (study.Steps - study.Step);
                view.Report(string.Create(CultureInfo.InvariantCulture, $"{study.Name}: studies the teacher, batch {study.Step:#,0}/{study.Steps:#,0}, {left:h\\:mm\\:ss} left"));
            }
        }

        public override void OnStart(TrainingStart start)
        {
            (_start, _clock, _first) = (start, Stopwatch.StartNew(), -1);
            view.Remember(start.Folder);
        }

        public override void OnEpoch(EpochResult result)
        {
            _first = _first < 0 ? result.EpochNumber - 1 : _first;
            int epochs = _start!.Epochs, now = result.EpochNumber * LinesAStage / epochs, before = (result.EpochNumber - 1) * LinesAStage / epochs;
            if (now > before || result.EpochNumber == 1)
            {
                var left = _clock.Elapsed / (result.EpochNumber - _first) * (epochs - result.EpochNumber);
                view.Report(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_start.Name}: epoch {result.EpochNumber}/{epochs}, loss {result.Loss:0.0000}, {(result.TrainAccuracy is { } learned ? string.Create(CultureInfo.InvariantCulture, $"train {learned:P2}, ") : "")}{(HeldOut(result) is { Length: > 0 } told ? $"{told}, " : "")}{result.ImagesPerSecond:#,0} images/s, {left:h\\:mm\\:ss} left"));
            }
        }
    }
}
