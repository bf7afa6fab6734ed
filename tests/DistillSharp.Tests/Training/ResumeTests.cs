using DistillSharp.Observers;
using DistillSharp.TestKit;
using DistillSharp.Training;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Training;

/// <summary>A run that was stopped and resumed ends in the same bits as one that was not.</summary>
[Collection(Alone.Name)]
public sealed class ResumeTests
{
    private static readonly string[] s_clocks = ["train_seconds", "val_seconds", "images_per_second"];

    public static TheoryData<string, string, int> Stops
    {
        get
        {
            var data = new TheoryData<string, string, int>();

            // The first step, the middle of an epoch, an epoch's last step, the last step of all; and one drawn by a seed.
            int drawn = 1 + new Random(20_26).Next(ResumeSetups.Epochs * ResumeSetups.StepsPerEpoch);
            foreach (int step in new[] { 1, 3, 5, 6, 9, drawn }.Distinct())
            {
                data.Add("hard", "sgd", step);
            }

            data.Add("hard", "adamw", 5);
            data.Add("hard", "adamw", 6);
            data.Add("kd", "sgd", 4);
            data.Add("kd", "adamw", 3);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public void Interrupted_after_a_step(string objective, string optimizer, int step)
    {
        using var whole = new TemporaryFolder();
        using var broken = new TemporaryFolder();
        new Trainer(ResumeSetups.Full(objective, optimizer, whole.Path, new CsvObserver())).Train(TestContext.Current.CancellationToken);

        using var stop = new CancellationTokenSource();
        var stopper = new WatchingObserver { AtStep = at => Cancel(stop, at.Step == step) };
        Assert.ThrowsAny<OperationCanceledException>(() => new Trainer(ResumeSetups.Full(objective, optimizer, broken.Path, new CsvObserver(), stopper)).Train(stop.Token));
        Assert.Equal(step, stopper.Steps[^1].Step);
        Resume(objective, optimizer, broken, firstStep: step);

        Same(whole, broken);
    }

    [Fact]
    public void Killed_in_the_middle_of_an_epoch_and_resumed_from_the_end_of_the_one_before()
    {
        using var whole = new TemporaryFolder();
        using var broken = new TemporaryFolder();
        new Trainer(ResumeSetups.Full("hard", "sgd", whole.Path, new CsvObserver())).Train(TestContext.Current.CancellationToken);

        var killer = new WatchingObserver { AtStep = at => Fail(at.Step == 5) };
        Assert.Throws<IOException>(() => new Trainer(ResumeSetups.Full("hard", "sgd", broken.Path, new CsvObserver(), killer)).Train(TestContext.Current.CancellationToken));
        Assert.Equal(1, killer.Ends);
        Resume("hard", "sgd", broken, firstStep: 3);

        Same(whole, broken);
    }

    [Fact]
    public void Killed_after_an_epochs_line_and_before_its_state()
    {
        using var whole = new TemporaryFolder();
        using var broken = new TemporaryFolder();
        new Trainer(ResumeSetups.Full("hard", "sgd", whole.Path, new CsvObserver())).Train(TestContext.Current.CancellationToken);

        var killer = new WatchingObserver { AtEpoch = row => Fail(row.EpochNumber == 2) };
        Assert.Throws<IOException>(() => new Trainer(ResumeSetups.Full("hard", "sgd", broken.Path, new CsvObserver(), killer)).Train(TestContext.Current.CancellationToken));
        Resume("hard", "sgd", broken, firstStep: 3);

        Same(whole, broken);
    }

    [Fact]
    public void Interrupted_while_it_evaluates()
    {
        using var whole = new TemporaryFolder();
        using var broken = new TemporaryFolder();
        new Trainer(ResumeSetups.Full("hard", "sgd", whole.Path, new CsvObserver())).Train(TestContext.Current.CancellationToken);

        using var stop = new CancellationTokenSource();
        var setup = ResumeSetups.Full("hard", "sgd", broken.Path, new CsvObserver());
        var source = new CancellingSamples(setup.HeldOut!, stop, readsBefore: 9);
        Assert.ThrowsAny<OperationCanceledException>(() => new Trainer(setup with { HeldOut = source }).Train(stop.Token));
        Resume("hard", "sgd", broken, firstStep: 6);

        Same(whole, broken);
    }

    [Fact]
    public void A_finished_run_is_not_trained_again()
    {
        using var folder = new TemporaryFolder();
        var first = new Trainer(ResumeSetups.Full("hard", "sgd", folder.Path)).Train(TestContext.Current.CancellationToken);
        var watcher = new WatchingObserver();
        var again = new Trainer(ResumeSetups.Full("hard", "sgd", folder.Path, watcher) with { Resume = true }).Train(TestContext.Current.CancellationToken);

        Assert.Empty(watcher.Steps);
        Assert.Equal(first.Model, again.Model);
        Assert.Equal(first.Curve.Select(row => row.Loss), again.Curve.Select(row => row.Loss));
    }

    private static void Resume(string objective, string optimizer, TemporaryFolder folder, long firstStep)
    {
        var watcher = new WatchingObserver();
        new Trainer(ResumeSetups.Full(objective, optimizer, folder.Path, new CsvObserver(), watcher) with { Resume = true }).Train(TestContext.Current.CancellationToken);
        Assert.Equal(firstStep, watcher.Starts[0].FirstStep);
    }

    private static void Same(TemporaryFolder whole, TemporaryFolder broken)
    {
        Assert.Equal(File.ReadAllBytes(whole["weights", "best.onnx"]), File.ReadAllBytes(broken["weights", "best.onnx"]));
        Assert.Equal(File.ReadAllBytes(whole["weights", "last.onnx"]), File.ReadAllBytes(broken["weights", "last.onnx"]));
        var (expected, _) = SafetensorsFile.Read(whole["state.safetensors"]);
        var (actual, _) = SafetensorsFile.Read(broken["state.safetensors"]);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, pair => Assert.Equal(pair.Value.Bytes.ToArray(), actual[pair.Key].Bytes.ToArray()));
        Assert.Equal(Rows(whole["results.csv"]), Rows(broken["results.csv"]));
    }

    private static List<string> Rows(string path)
    {
        string[] lines = File.ReadAllLines(path), names = lines[0].Split(',');
        Assert.Equal(1 + ResumeSetups.Epochs, lines.Length);
        int[] columns = [.. Enumerable.Range(0, names.Length).Where(i => !s_clocks.Contains(names[i]))];
        return [.. lines.Select(line => string.Join(',', columns.Select(column => line.Split(',')[column])))];
    }

    private static void Cancel(CancellationTokenSource stop, bool now)
    {
        if (now)
        {
            stop.Cancel();
        }
    }

    private static void Fail(bool now)
    {
        if (now)
        {
            throw new IOException("killed");
        }
    }
}
