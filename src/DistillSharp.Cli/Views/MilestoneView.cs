using System.Globalization;
using DistillSharp.Observers;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;

namespace DistillSharp.Cli.Views;

/// <summary>Prints each stage and some ten lines of it: enough for a log, not a flood.</summary>
/// <param name="output">Where the lines go.</param>
/// <param name="clock">The clock of the times left; null for the system's.</param>
internal sealed class MilestoneView(TextWriter output, TimeProvider? clock = null) : ProgressView
{
    private const int LinesAStage = 10;

    /// <summary>Work that is not training is short as a rule: a line of it is printed only when this long nothing was.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private Looker? _looker;
    private long _last;

    public override TrainingObserver Observer => _looker ??= new(this);

    public override IProgress<DownloadProgress> Downloads { get; } = new DownloadView();

    public override void Report(string value)
    {
        _last = _clock.GetTimestamp();
        output.WriteLine(value);
    }

    private sealed class Looker(MilestoneView view) : TrainingObserver
    {
        private RunStage? _stage;
        private TrainingStart? _start;
        private long _begun;
        private int _first = -1;

        public override void OnStage(RunStage stage)
        {
            _stage = stage;
            view.Report(NumberedTitle(stage));
        }

        public override void OnWork(StageWork work)
        {
            if (view._clock.GetElapsedTime(view._last) >= s_patience)
            {
                view.Report(string.Create(CultureInfo.InvariantCulture, $"{_stage?.Title}: {work.Doing}, {Math.Floor(100 * work.Share):0} %"));
            }
        }

        public override void OnStudy(TrainingStudy study)
        {
            if (study.Step == 1)
            {
                view.Remember(study.Folder);
                _begun = view._clock.GetTimestamp();
            }

            if (study.Step * LinesAStage / study.Steps > (study.Step - 1) * LinesAStage / study.Steps)
            {
                // The clock began at the end of the first batch.
                var left = view._clock.GetElapsedTime(_begun) / Math.Max(1, study.Step - 1) * (study.Steps - study.Step);
                view.Report(string.Create(CultureInfo.InvariantCulture, $"{_stage?.Title ?? study.Name}: studies the teacher, batch {study.Step:#,0}/{study.Steps:#,0}, {left:h\\:mm\\:ss} left"));
            }
        }

        public override void OnStart(TrainingStart start)
        {
            (_start, _begun, _first) = (start, view._clock.GetTimestamp(), -1);
            view.Remember(start.Folder);
        }

        public override void OnEpoch(EpochResult result)
        {
            _first = _first < 0 ? result.EpochNumber - 1 : _first;
            int epochs = _start!.Epochs, now = result.EpochNumber * LinesAStage / epochs, before = (result.EpochNumber - 1) * LinesAStage / epochs;
            if (now > before || result.EpochNumber == 1)
            {
                var left = view._clock.GetElapsedTime(_begun) / (result.EpochNumber - _first) * (epochs - result.EpochNumber);
                view.Report(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_stage?.Title ?? _start.Name}: epoch {result.EpochNumber}/{epochs}, loss {result.Loss:0.0000}, {(result.TrainAccuracy is { } learned ? string.Create(CultureInfo.InvariantCulture, $"train {learned:P2}, ") : "")}{(HeldOut(result) is { Length: > 0 } told ? $"{told}, " : "")}{result.ImagesPerSecond:#,0} images/s, {left:h\\:mm\\:ss} left"));
            }
        }
    }
}
