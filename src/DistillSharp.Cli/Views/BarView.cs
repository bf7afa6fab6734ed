using System.Globalization;
using System.Runtime.InteropServices;
using DistillSharp.Observers;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;
using Spectre.Console;

namespace DistillSharp.Cli.Views;

/// <summary>
/// On a terminal: the stage that is running as a bar at the bottom, with loss, held-out score, rate and time left; finished stages and all other lines above it, written by the console that
/// owns the bar.
/// </summary>
internal sealed class BarView : ProgressView, IProgress<double>, IProgress<DownloadProgress>
{
    private readonly IAnsiConsole _console;
    private readonly TimeProvider _clock;
    private readonly Looker _looker;
    private readonly bool _refreshes;
    private volatile BarState _state;
    private ProgressContext? _context;

    /// <summary>Makes a view.</summary>
    /// <param name="console">The terminal.</param>
    /// <param name="clock">The clock of times and rates; null for the system's.</param>
    /// <param name="refreshes">Whether the bar is drawn anew ten times a second.</param>
    public BarView(IAnsiConsole console, TimeProvider? clock = null, bool refreshes = true)
    {
        (_console, _clock, _refreshes) = (console, clock ?? TimeProvider.System, refreshes);
        _looker = new(this);
        _state = new("preparing", _clock.GetTimestamp());
    }

    /// <summary>What is shown before the first stage begins, and for work that has no stages.</summary>
    public string Title
    {
        init => _state = new(value, _clock.GetTimestamp());
    }

    /// <summary>Whether the output stream goes to the terminal too, so that its lines must appear above the bar. Default yes.</summary>
    public bool TakesOutput { get; init; } = true;

    public override TrainingObserver Observer => _looker;

    public override IProgress<DownloadProgress> Downloads => this;

    public override T Show<T>(Func<T> work)
    {
        int interrupts = 0;
        void ShowCursor(PosixSignalContext context)
        {
            // The second one ends the program at once: nobody else would bring the cursor back.
            if (++interrupts > 1)
            {
                _console.Cursor.Show();
            }
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, ShowCursor);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, ShowCursor);
        var bar = new StageBar(() => _state, since => _clock.GetElapsedTime(since));
        var display = _console.Progress().AutoRefresh(_refreshes).AutoClear(true).UseRenderHook((_, _) => bar);
        display.ExcludeVerticalPadding = true;
        return display.Start(context =>
        {
            using var output = new LiveOutput(line => Above(line, Style.Plain), TakesOutput);
            _context = context;
            Draw();
            var result = work();
            _looker.Finish();
            return result;
        });
    }

    /// <summary>Draws the bar as it is now.</summary>
    public void Draw() => _context?.Refresh();

    public override void Report(string value) => Above(value, new Style(Color.Grey));

    /// <summary>A share of work without stages is done.</summary>
    /// <param name="value">The share, 0 to 1.</param>
    public void Report(double value) => _state = _state with { Share = value, Before = 0 };

    /// <summary>Says what is being done, below the bar.</summary>
    /// <param name="text">The work, in a few words.</param>
    public void Detail(string text) => _state = _state with { Detail = text };

    public void Report(DownloadProgress value)
    {
        string title = $"download {value.File}";
        _state = (_state.Title == title ? _state : new(title, _clock.GetTimestamp())) with
        {
            Detail = DownloadView.Size(value),
            Share = value.Total is > 0 and var total ? (double)value.Received / total : null,
        };
    }

    private void Above(string line, Style style) => _console.Write(new WholeLines(line, style));

    private sealed class Looker(BarView view) : TrainingObserver
    {
        private RunStage? _stage;
        private TrainingStart? _start;
        private long _begun, _trained, _shown, _seen;
        private string _held = "", _done = "";
        private bool _studying;

        /// <summary>Writes what the stage came to, above the bar.</summary>
        public void Finish()
        {
            if (_stage is not null)
            {
                view.Above($"{Title}: {_done}{StageBar.Text(view._clock.GetElapsedTime(_begun))}", Style.Plain);
                _stage = null;
            }
        }

        public override void OnStage(RunStage stage)
        {
            Finish();
            _stage = stage;
            (_begun, _start) = (view._clock.GetTimestamp(), null);
            (_held, _done, _studying) = ("", "", false);
            view._state = new(Title, _begun);
        }

        public override void OnWork(StageWork work)
        {
            // Scoring and profiling go at paces of their own: only the stage's time is sure.
            _studying = false;
            view._state = new(Title, _begun) { Detail = work.Doing, Share = work.Share };
        }

        public override void OnStudy(TrainingStudy study)
        {
            view.Remember(study.Folder);
            double share = (double)study.Step / study.Steps;
            if (!_studying)
            {
                _studying = true;
                view._state = new(Title, view._clock.GetTimestamp()) { Detail = "studying the teacher", Before = share };
            }

            view._state = view._state with { Share = share };
        }

        public override void OnStart(TrainingStart start)
        {
            view.Remember(start.Folder);
            (_start, _held, _seen, _trained, _studying) = (start, "", 0, view._clock.GetTimestamp(), false);
            double before = ShareOf(start.FirstStep);
            view._state = new(Title, _trained) { Share = before, Before = before };
        }

        public override void OnStep(TrainingStep step)
        {
            _seen += step.ImageCount;
            var elapsed = view._clock.GetElapsedTime(_trained);
            if (view._clock.GetElapsedTime(_shown) > TimeSpan.FromMilliseconds(200) || view._state.Detail.Length == 0)
            {
                _shown = view._clock.GetTimestamp();
                string rate = elapsed > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"  {_seen / elapsed.TotalSeconds:#,0} images/s") : "";
                view._state = view._state with
                {
                    Share = ShareOf(step.Step),
                    Detail = string.Create(CultureInfo.InvariantCulture, $"epoch {step.EpochNumber}/{_start!.Epochs}  loss {step.Loss:0.000}{_held}{rate}"),
                };
            }
        }

        public override void OnEpoch(EpochResult result)
        {
            string told = HeldOut(result);
            _held = told.Length > 0 ? $"  {told}" : _held;
            _done = string.Create(CultureInfo.InvariantCulture, $"{result.EpochNumber} {(result.EpochNumber == 1 ? "epoch" : "epochs")}{(_held.Length > 0 ? "," + _held[1..] : "")}, ");
        }

        private string Title => _stage is { } stage ? NumberedTitle(stage) : _start?.Name ?? "preparing";

        private double ShareOf(long step) => Math.Clamp(step / (double)Math.Max(1, _start!.Epochs * _start.StepsPerEpoch), 0, 1);
    }
}
