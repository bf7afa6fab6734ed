using System.Diagnostics;
using System.Globalization;
using DistillSharp.Observers;
using DistillSharp.Training;
using Spectre.Console;

namespace DistillSharp.Cli.Views;

/// <summary>One bar a stage, with loss, held-out accuracy, rate and time left.</summary>
internal sealed class BarView : ProgressView
{
    private ProgressContext? _context;

    public BarView() => Observer = new Looker(this);

    public override TrainingObserver Observer { get; }

    public override T Show<T>(Func<T> work) =>
        AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                _context = context;
                return work();
            });

    public override void Report(string value) => AnsiConsole.MarkupLineInterpolated($"[grey]{value}[/]");

    private sealed class Looker(BarView view) : TrainingObserver
    {
        private readonly Stopwatch _clock = new();
        private ProgressTask? _task, _study;
        private TrainingStart? _start;
        private string _held = "";
        private long _seen, _shown;

        public override void OnStudy(TrainingStudy study)
        {
            if (_study is null)
            {
                view.Remember(study.Folder);
                _study = view._context!.AddTask(Markup.Escape($"{study.Name}  studies the teacher"), maxValue: study.Steps);
            }

            _study.Value = study.Step;
        }

        public override void OnStart(TrainingStart start)
        {
            view.Remember(start.Folder);
            _study?.StopTask();
            _study = null;
            _start = start;
            _held = "";
            _seen = _shown = 0;
            _clock.Restart();
            _task = view._context!.AddTask(Markup.Escape(start.Name), maxValue: Math.Max(1, start.Epochs * start.StepsPerEpoch));
            _task.Value = start.FirstStep;
        }

        public override void OnStep(TrainingStep step)
        {
            _seen += step.ImageCount;
            _task!.Value = step.Step;
            if (_clock.ElapsedMilliseconds - _shown > 200)
            {
                _shown = _clock.ElapsedMilliseconds;
                string text = string.Create(CultureInfo.InvariantCulture, $"{_start!.Name}  epoch {step.EpochNumber}/{_start.Epochs}  loss {step.Loss:0.000}{_held}  {_seen / _clock.Elapsed.TotalSeconds:#,0} images/s");
                _task.Description = Markup.Escape(text);
            }
        }

        public override void OnEpoch(EpochResult result) => _held = HeldOut(result) is { Length: > 0 } told ? $"  {told}" : _held;

        public override void OnEnd() => _task?.StopTask();
    }
}
