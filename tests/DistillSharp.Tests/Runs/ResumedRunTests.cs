using DistillSharp.Recipes;
using DistillSharp.Reports;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Glyphs;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Runs;

/// <summary>A run that was interrupted and goes on comes to what it would have come to.</summary>
public sealed class ResumedRunTests
{
    [Theory]
    [InlineData("teacher (seed 0)", 5)]
    [InlineData("teacher (seed 0)", 9)]
    [InlineData("control (seed 0)", 12)]
    [InlineData("distilled (seed 0)", 13)]
    [InlineData("distilled (seed 0)", 27)]
    public void An_interrupted_run_comes_to_the_same(string stage, long step)
    {
        using TemporaryFolder whole = new(), halves = new();
        var recipe = TinyRun.Recipe with { Distillation = new() { Hard = 0.5 } };
        var expected = whole.Run(recipe);

        Interrupt(halves, recipe, stage, step);
        var diary = new Diary();
        var resumed = halves.Resume(recipe, diary);

        Assert.Equal((stage, step), diary.Trained.Where(one => one.Name == stage).Select(one => (one.Name, one.From)).Single());
        SameWeights(whole, halves, "teacher", "control", "distilled");
        Assert.Equal(Timeless(expected.Report).ToJson(), Timeless(resumed.Report).ToJson());
        Assert.Equal(Timeless(resumed.Report).ToJson(), Timeless(RunReport.Parse(File.ReadAllText(resumed.Folder.JsonReport))).ToJson());
        Assert.Equal(CurveOf(whole, "distilled"), CurveOf(halves, "distilled"));
    }

    [Fact]
    public void What_was_finished_before_the_interruption_is_not_trained_again()
    {
        using var folder = new TemporaryFolder();
        Interrupt(folder, TinyRun.Recipe, "control (seed 0)", 4);
        byte[] teacher = File.ReadAllBytes(folder["run", "seed-0", "teacher", "weights", "best.onnx"]);

        var diary = new Diary();
        folder.Resume(TinyRun.Recipe, diary);

        // 270 samples in batches of 32 are 9 steps an epoch.
        Assert.Equal(("teacher (seed 0)", 9L * TinyRun.TeacherEpochs, 9L * TinyRun.TeacherEpochs), diary.Trained[0]);
        Assert.Equal(("control (seed 0)", 4L, 27L), diary.Trained[1]);
        Assert.Equal(("distilled (seed 0)", 0L, 27L), diary.Trained[2]);
        Assert.Equal(teacher, File.ReadAllBytes(folder["run", "seed-0", "teacher", "weights", "best.onnx"]));
    }

    [Fact]
    public void A_finished_run_takes_no_step_more_and_reports_the_same()
    {
        using var folder = new TemporaryFolder();
        var recipe = TinyRun.Recipe with { Seeds = 2 };
        var first = folder.Run(recipe);

        var diary = new Diary();
        var second = folder.Resume(recipe, diary);

        Assert.Equal(6, diary.Trained.Count);
        Assert.All(diary.Trained, one => Assert.Equal(one.From, one.To));
        Assert.Equal(first.Report.ToJson(), second.Report.ToJson());
        Assert.Equal(3 + 1, File.ReadAllLines(folder["run", "seed-1", "control", "results.csv"]).Length);
    }

    [Fact]
    public void A_student_trained_alone_goes_on_with_its_own_recipe()
    {
        using TemporaryFolder whole = new(), halves = new();
        var recipe = TinyRun.Recipe with { Teacher = new() };
        var expected = whole.Run(recipe);

        Interrupt(halves, recipe, "student (seed 0)", 11);
        var resumed = halves.Resume(RecipeReader.Load(halves["run", "recipe.yaml"]));

        SameWeights(whole, halves, "student");
        Assert.Equal(Timeless(expected.Report).ToJson(), Timeless(resumed.Report).ToJson());
    }

    [Fact]
    public void Samples_skipped_before_the_interruption_are_still_named()
    {
        using var folder = new TemporaryFolder();
        var data = new GlyphsFormat(new() { Train = 300, Test = 200 }).Open(new(), TestContext.Current.CancellationToken);
        var recipe = TinyRun.Recipe with { Teacher = new(), Data = TinyRun.Recipe.Data with { SkipBad = true } };
        var options = new DistillerOptions { Folder = folder["run"], Dataset = data with { Train = new OneBrokenSample(data.Train) } };
        var first = Distiller.Run(recipe, options, TestContext.Current.CancellationToken);

        var second = Distiller.Run(recipe, options with { Resume = true }, TestContext.Current.CancellationToken);

        Assert.Equal(["sample 17 is broken"], first.Report.SkippedSamples);
        Assert.Equal(first.Report.SkippedSamples, second.Report.SkippedSamples);
    }

    [Fact]
    public void Another_recipe_is_refused_with_the_line_that_differs()
    {
        using var folder = new TemporaryFolder();
        folder.Run(TinyRun.Recipe with { Teacher = new() });

        var error = Assert.Throws<ArgumentException>(() => folder.Resume(TinyRun.Recipe with { Teacher = new(), Threads = 2 }));

        Assert.Contains("it says 'threads: 1' where this one says 'threads: 2'", error.Message, StringComparison.Ordinal);
    }

    private static void Interrupt(TemporaryFolder folder, Recipe recipe, string stage, long step)
    {
        using var stop = new StopAfter(stage, step);
        Assert.ThrowsAny<OperationCanceledException>(() => Distiller.Run(recipe, new() { Folder = folder["run"], Observers = [stop] }, stop.Token));
        Assert.False(File.Exists(folder["run", "report.json"]));
    }

    private static void SameWeights(TemporaryFolder one, TemporaryFolder other, params string[] stages) => Assert.All(
        from stage in stages from file in new[] { "best.onnx", "last.onnx" } select new[] { "run", "seed-0", stage, "weights", file },
        path => Assert.Equal(File.ReadAllBytes(one[path]), File.ReadAllBytes(other[path])));

    /// <summary>The report without what the clock says.</summary>
    private static RunReport Timeless(RunReport report) => report with
    {
        Variants = [.. report.Variants.Select(variant => variant with
        {
            Seeds = [.. variant.Seeds.Select(seed => seed with
            {
                TrainSeconds = 0,
                Curve = [.. seed.Curve.Select(epoch => epoch with { TrainSeconds = 0, ValidationSeconds = 0, ElapsedSeconds = 0, ImagesPerSecond = 0 })],
            })],
        })],
    };

    /// <summary>Epoch, step, loss, accuracy and learning rate of every line.</summary>
    private static IEnumerable<string> CurveOf(TemporaryFolder folder, string stage) =>
        File.ReadAllLines(folder["run", "seed-0", stage, "results.csv"]).Select(line => string.Join(',', line.Split(',').Take(5)));

    private sealed class OneBrokenSample(ISampleSource source) : ISampleSource
    {
        public int Count => source.Count;

        public int LabelOf(int index) => source.LabelOf(index);

        public string Describe(int index) => source.Describe(index);

        public ImageSample Read(int index) => index == 17 ? throw new DataException("sample 17 is broken") : source.Read(index);
    }
}
