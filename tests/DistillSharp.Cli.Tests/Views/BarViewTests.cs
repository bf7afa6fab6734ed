using DistillSharp.Cli.Views;
using DistillSharp.Observers;
using DistillSharp.Training;
using Spectre.Console;
using Spectre.Console.Testing;

namespace DistillSharp.Cli.Tests.Views;

/// <summary>What stands on a terminal while a run goes on, and after it.</summary>
[Collection(nameof(Console))]
public sealed class BarViewTests
{
    private readonly HandClock _clock = new();

    [Fact]
    public void A_stage_is_named_and_numbered_with_its_bar_share_and_time_left()
    {
        using var console = Terminal(80);
        Show(console, view =>
        {
            Train(view, new(2, 5, "control (seed 0)"), epochs: 4, steps: 10, until: 10);
            Assert.Equal([$"2 of 5: control (seed 0)  {new string('━', 8)}{new string('─', 26)}   25 %  0:30 left", "epoch 1/4  loss 0.500  32 images/s"], Now(console, view));
        });
    }

    [Fact]
    public void On_a_narrow_terminal_nothing_wraps()
    {
        using var console = Terminal(50);
        Show(console, view =>
        {
            Train(view, new(11, 15, "a-method-with-quite-a-long-name, distilled-stage-1 (seed 12)"), epochs: 4, steps: 10, until: 20);
            var lines = Now(console, view);
            Assert.Equal(2, lines.Count);

            // Two columns are left for the ^C that a terminal shows where the cursor is.
            Assert.All(lines, line => Assert.InRange(line.Length, 1, 48));
            Assert.StartsWith("11 of 15: a-method-with-", lines[0], StringComparison.Ordinal);
            Assert.EndsWith("50 %  0:20 left", lines[0], StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(80)]
    [InlineData(50)]
    public void Long_lines_appear_whole_above_the_bar_and_leave_nothing_of_it(int width)
    {
        using var console = Terminal(width);
        string[] words = [.. Enumerable.Range(1, 60).Select(i => $"word{i}")];
        string line = string.Join(' ', words);
        Show(console, view =>
        {
            Train(view, new(1, 3, "teacher (seed 0)"), epochs: 2, steps: 10, until: 5);
            view.Report(line);
            view.Report("short");
            view.Report(line);
            var lines = Now(console, view);
            string[] above = [.. lines.SkipLast(2)];
            Assert.Equal([.. words, "short", .. words], above.SelectMany(one => one.Split(' ')));
            Assert.StartsWith("1 of 3: teacher (seed 0)", lines[^2], StringComparison.Ordinal);
        });
    }

    [Fact]
    public void What_anybody_writes_to_the_streams_appears_whole_above_the_bar()
    {
        using var console = Terminal(50);
        Show(console, view =>
        {
            Train(view, new(1, 3, "teacher (seed 0)"), epochs: 2, steps: 10, until: 5);
            Console.Error.WriteLine("distill: stopping after this step; once more to stop at once.");
            Console.Out.Write("a plug-in's ");
            Console.Out.WriteLine("own line");
            string[] lines = [.. Now(console, view)];
            Assert.Equal("distill: stopping after this step; once more to stop at once. a plug-in's own line", string.Join(' ', lines.SkipLast(2)));
        });

        Assert.IsNotType<LiveOutput>(Console.Error);
    }

    [Fact]
    public void A_finished_stage_stays_as_a_line_and_the_bar_goes()
    {
        using var console = Terminal(80);
        Show(console, view =>
        {
            Train(view, new(1, 2, "student (seed 0)"), epochs: 3, steps: 10, until: 30);
            view.Observer.OnEpoch(new() { EpochNumber = 3, Step = 30, Loss = 0.5, Terms = new Dictionary<string, double>(), LearningRate = 0.1, ValidationScore = 0.931, TrainSeconds = 1, ValidationSeconds = 1, ElapsedSeconds = 2, ImagesPerSecond = 10 });
            view.Observer.OnEnd();
            view.Observer.OnStage(new(2, 2, "measuring"));
            view.Observer.OnWork(new("scoring student, seed 0", 0.25));
            _clock.Seconds += 3;
            view.Observer.OnWork(new("scoring student, seed 0", 0.5));
            Assert.Equal(["1 of 2: student (seed 0): 3 epochs, held out 93.10 %, 0:30", "2 of 2: measuring  ━━━━━━━━━━━━━━━━━━━━────────────────────   50 %  0:03", "scoring student, seed 0"], Now(console, view));
        });

        Assert.Equal(["1 of 2: student (seed 0): 3 epochs, held out 93.10 %, 0:30", "2 of 2: measuring: 0:03"], Screen.Of(console));
    }

    [Fact]
    public void Where_no_share_is_known_the_time_moves()
    {
        using var console = Terminal(80);
        Show(console, view =>
        {
            view.Observer.OnStage(new(3, 4, "int8 (seed 0)"));
            _clock.Seconds += 65;
            Assert.Equal(["3 of 4: int8 (seed 0)  1:05"], Now(console, view));
        });
    }

    [Fact]
    public void After_the_last_step_the_time_moves_while_the_last_epoch_is_validated()
    {
        using var console = Terminal(80);
        Show(console, view =>
        {
            Train(view, new(1, 2, "student (seed 0)"), epochs: 2, steps: 10, until: 20);
            _clock.Seconds += 10;
            Assert.EndsWith("100 %  0:30", Now(console, view)[0], StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_run_that_fails_leaves_no_bar_and_gives_the_streams_back()
    {
        using var console = Terminal(80);
        var view = new BarView(console, _clock, refreshes: false);

        Assert.Throws<InvalidOperationException>(() => view.Show<int>(() =>
        {
            view.Observer.OnStage(new(1, 2, "student (seed 0)"));
            view.Report("a line");
            throw new InvalidOperationException();
        }));

        Assert.Equal(["a line"], Screen.Of(console));
        Assert.IsNotType<LiveOutput>(Console.Out);
    }

    private static TestConsole Terminal(int width)
    {
        var console = new TestConsole { EmitAnsiSequences = true }.Width(width).Height(24).Interactive().SupportsAnsi(true);
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private void Show(TestConsole console, Action<BarView> work)
    {
        var view = new BarView(console, _clock, refreshes: false);
        view.Show(() =>
        {
            work(view);
            return 0;
        });
    }

    /// <summary>Trains, a second a step.</summary>
    private void Train(BarView view, RunStage stage, int epochs, int steps, int until)
    {
        view.Observer.OnStage(stage);
        view.Observer.OnStart(new(stage.Title, null, epochs, steps, 0));
        for (int step = 1; step <= until; step++)
        {
            _clock.Seconds++;
            view.Observer.OnStep(new(step, ((step - 1) / steps) + 1, ((step - 1) % steps) + 1, 32, 0.1, 0.5));
        }
    }

    private static IReadOnlyList<string> Now(TestConsole console, BarView view)
    {
        view.Draw();
        return Screen.Of(console);
    }
}
