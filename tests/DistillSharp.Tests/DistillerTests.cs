using DistillSharp.Graph.Format;
using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Recipes;
using DistillSharp.Reports;
using DistillSharp.Runtime;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Glyphs;
using DistillSharp.Tests.Runs;
using DistillSharp.TestKit;

namespace DistillSharp.Tests;

public sealed class DistillerTests
{
    private static ISampleSource Test { get; } = new GlyphsFormat(new() { Train = 300, Test = 200 }).Open(new()).Test;

    [Fact]
    public void A_run_trains_teacher_control_and_student_and_reports_all_three()
    {
        using var folder = new TemporaryFolder();
        var diary = new Diary();

        var report = folder.Run(TinyRun.Recipe, diary).Report;

        Assert.Equal([("teacher (seed 0)", 0L, 72L), ("control (seed 0)", 0L, 27L), ("distilled (seed 0)", 0L, 27L)], diary.Trained);
        Assert.Equal([("teacher", "mlp"), ("control", "mlp"), ("distilled", "mlp")], report.Variants.Select(variant => (variant.Name, variant.Model)));
        Assert.Equal((784 * 64) + 64 + (64 * 10) + 10, report.Variants[0].Parameters);
        Assert.Equal([(784 * 64) + (64 * 10), (784 * 16) + (16 * 10)], report.Variants.Take(2).Select(variant => variant.Macs!.Value));
        Assert.Equal("270 training images, 30 held out to choose the best epoch; 200 test images, scored once", report.Split);
        Assert.Equal(("tiny", "glyphs (300/200)"), (report.Name, report.Data));
        Assert.Equal([0L], report.Seeds);
        Assert.All(report.Variants, variant =>
        {
            var seed = Assert.Single(variant.Seeds);
            Assert.Equal(200, seed.Score.Count);
            Assert.Equal(variant.Name == "teacher" ? 8 : 3, seed.Curve.Count);
            Assert.Equal(seed.Curve[^1].Step, seed.Steps);
            Assert.InRange(seed.BestEpoch, 1, seed.Curve.Count);
            Assert.Equal(seed.Curve.Max(epoch => epoch.ValidationScore), seed.Curve[seed.BestEpoch - 1].ValidationScore);
            Assert.Equal(variant.Name == "teacher", seed.Score.Agreement is null);
            Assert.Null(variant.Profile);
        });
        Assert.NotNull(report.Gain);
        Assert.Equal(100 * (report.Find("distilled")!.Seeds[0].Score.Top1 - report.Find("control")!.Seeds[0].Score.Top1), report.Gain.Mean, 9);
    }

    [Fact]
    public void The_folder_holds_everything_and_its_recipe_gives_the_same_again()
    {
        using var folder = new TemporaryFolder();
        var first = folder.Run(TinyRun.Recipe);

        string[] files = [.. Directory.GetFiles(folder["run"], "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder["run"], path)).Where(path => !path.Contains("tfevents", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        string[] stages = ["control", "distilled", "teacher"];
        Assert.Equal(
            ["example.png", "recipe.yaml", "report.html", "report.json", .. stages.SelectMany(stage => new[] { "results.csv", "state.safetensors", "weights/best.onnx", "weights/last.onnx" }.Select(file => Path.Combine("seed-0", stage, file)))],
            files);
        Assert.Equal(HtmlReport.Write(RunReport.Parse(File.ReadAllText(first.Folder.JsonReport))), File.ReadAllText(first.Folder.HtmlReport));
        Assert.Equal(first.Report.Recipe, File.ReadAllText(first.Folder.Recipe));

        using var again = new TemporaryFolder();
        again.Run(RecipeReader.Load(first.Folder.Recipe));
        foreach (string stage in stages)
        {
            string[] path = ["run", "seed-0", stage, "weights", "best.onnx"];
            Assert.Equal(File.ReadAllBytes(folder[path]), File.ReadAllBytes(again[path]));
        }
    }

    [Fact]
    public void The_files_run_on_their_own_and_score_what_the_report_says()
    {
        using var folder = new TemporaryFolder();
        var report = folder.Run(TinyRun.Recipe).Report;

        int[] taught = [];
        foreach (var variant in report.Variants)
        {
            string path = Path.Combine(folder["run"], variant.File);
            using var session = ModelSession.Open(path);
            var answers = Evaluator.Evaluate(session, Test, new() { Input = session.Card!.Input, Workers = 0 }, cancellation: TestContext.Current.CancellationToken);
            var score = answers.Score;
            taught = variant.Name == "teacher" ? answers.Predictions : taught;

            Assert.Equal(variant.Name == "teacher" ? null : answers.Predictions.Zip(taught).Count(pair => pair.First == pair.Second) / 200.0, variant.Seeds[0].Score.Agreement);
            Assert.Equal((score.Errors, score.Top1, score.Top5), (variant.Seeds[0].Score.Errors, variant.Seeds[0].Score.Top1, variant.Seeds[0].Score.Top5));
            Assert.Equal(score.Nll, variant.Seeds[0].Score.Nll, 5);
            Assert.Equal(variant.Seeds[0].Score.Confusion, score.Confusion);
            Assert.Equal(variant.FileLength, new FileInfo(path).Length);
            var card = ModelCard.FromMetadata(OnnxFile.Load(path).Metadata.ToDictionary())!;
            Assert.Equal(report.ClassNames, card.ClassNames);
            Assert.Equal(("tiny", variant.Name, "mlp", "0"), (card.Provenance["recipe"], card.Provenance["role"], card.Provenance["model"], card.Provenance["seed"]));
        }
    }

    [Fact]
    public void Soft_labels_are_probabilities_at_the_losss_temperature()
    {
        using var folder = new TemporaryFolder();

        var soft = folder.Run(TinyRun.Recipe with { Distillation = new() { Losses = [new("kd", new KdLossOptions { Temperature = 2.5 })] } }).Report.SoftLabels!;

        Assert.Equal(2.5, soft.Temperature);
        Assert.Equal(10, soft.Mean.Length);
        Assert.All(soft.Mean, row => Assert.Equal(1, row.Sum(), 9));
        Assert.All(soft.Mean.SelectMany(row => row), share => Assert.InRange(share, 0, 1));

        using var session = ModelSession.Open(folder["run", "seed-0", "teacher", "weights", "best.onnx"]);
        var answers = Evaluator.Evaluate(session, Test, new() { Input = session.Card!.Input, Workers = 0 }, cancellation: TestContext.Current.CancellationToken);
        double[][] sevens = [.. Enumerable.Range(0, 200).Where(i => answers.Labels[i] == 7).Select(i => answers.Logits.Skip(10 * i).Take(10).Select(logit => Math.Exp(logit / 2.5)).ToArray())];
        Assert.Equal(20, sevens.Length);
        Assert.All(Enumerable.Range(0, 10), label => Assert.Equal(sevens.Average(one => one[label] / one.Sum()), soft.Mean[7][label], 6));
    }

    [Fact]
    public void Several_seeds_have_means_and_deviations()
    {
        using var folder = new TemporaryFolder();

        var report = folder.Run(TinyRun.Recipe with { Seed = 5, Seeds = 2 }).Report;

        Assert.Equal([5L, 6L], report.Seeds);
        var control = report.Find("control")!;
        Assert.Equal([5L, 6L], control.Seeds.Select(seed => seed.Seed));
        double a = control.Seeds[0].Score.Errors, b = control.Seeds[1].Score.Errors;
        Assert.Equal((a + b) / 2, control.Mean(score => score.Errors), 9);
        Assert.Equal(Math.Abs(a - b) / Math.Sqrt(2), control.Deviation(score => score.Errors), 9);
        Assert.Equal(2, report.Gain!.Points.Count);
        Assert.Contains("±", ReportTable.Of(report).Rows[1][2], StringComparison.Ordinal);
        Assert.True(Directory.Exists(folder["run", "seed-6", "distilled"]));
        Assert.Equal("seed-5/control/weights/best.onnx", control.File.Replace('\\', '/'));
    }

    [Fact]
    public void What_the_control_lacks_is_told_term_by_term()
    {
        using var folder = new TemporaryFolder();
        var recipe = TinyRun.Recipe with
        {
            Distillation = new() { Hard = 0.25, Losses = [new("kd", new KdLossOptions { Temperature = 3, Weight = 0.75 })] },
            Training = TinyRun.Recipe.Training with { Epochs = 1 },
        };

        Assert.Equal(["+ 0.75 kd (T 3)", "~ hard labels with weight 0.25 instead of 1"], folder.Run(recipe).Report.ControlDifference);
    }

    [Fact]
    public void Without_a_control_nothing_is_said_of_the_gain()
    {
        using var folder = new TemporaryFolder();

        var report = folder.Run(TinyRun.Recipe with { Control = false }).Report;

        Assert.Equal(["teacher", "distilled"], report.Variants.Select(variant => variant.Name));
        Assert.Null(report.Gain);
        Assert.False(Directory.Exists(folder["run", "seed-0", "control"]));
    }

    [Fact]
    public void The_control_is_the_student_trained_alone()
    {
        using TemporaryFolder with = new(), without = new();
        with.Run(TinyRun.Recipe);
        without.Run(TinyRun.Recipe with { Teacher = new() });

        var control = OnnxFile.Load(with["run", "seed-0", "control", "weights", "last.onnx"]);
        var alone = OnnxFile.Load(without["run", "seed-0", "student", "weights", "last.onnx"]);

        Assert.All(control.Initializers, weight => Assert.Equal(weight.Data.Bytes.ToArray(), alone.FindInitializer(weight.Name)!.Data.Bytes.ToArray()));
    }

    [Fact]
    public void A_student_alone_has_a_report_without_a_teacher()
    {
        using var folder = new TemporaryFolder();

        var report = folder.Run(TinyRun.Recipe with { Teacher = new() }).Report;

        Assert.Equal("student", Assert.Single(report.Variants).Name);
        Assert.Equal((null, null), ((object?)report.Gain, (object?)report.SoftLabels));
        Assert.Empty(report.ControlDifference);
    }

    [Fact]
    public void Speed_is_measured_where_it_is_asked_for()
    {
        using var folder = new TemporaryFolder();

        var profile = Assert.Single(folder.Run(TinyRun.Recipe with { Teacher = new(), Evaluation = new() }).Report.Variants).Profile!;

        Assert.Equal((1, (long?)null), (profile.Threads, profile.PeakMemory));
        Assert.True(profile.LatencyP50 > 0 && profile.LatencyP95 >= profile.LatencyP50 && profile.Throughput > 0, $"{profile}");
    }

    [Fact]
    public void Control_and_student_are_one_graph_with_other_weights_so_they_have_one_figure()
    {
        using var folder = new TemporaryFolder();
        var diary = new StageDiary();

        var report = folder.Run(TinyRun.Recipe with { Evaluation = new() }, diary).Report;

        Assert.NotNull(report.Find("control")!.Profile);
        Assert.Equal(report.Find("control")!.Profile, report.Find("distilled")!.Profile);
        Assert.NotEqual(report.Find("teacher")!.Profile, report.Find("distilled")!.Profile);
        Assert.Equal(["images/s (batch 32)", "peak memory (batch 32)"], ReportTable.Of(report).Header.TakeLast(2));
        double[] shares = [.. diary.Work.Where(one => one.Work.Doing == "profiling").Select(one => one.Work.Share)];
        Assert.True(shares.Length > 20 && shares[0] < 0.6 && shares[^1] == 1, "The bar moves while variants are profiled.");
    }

    [Fact]
    public void A_finished_teacher_named_relative_to_its_recipe_is_found_from_anywhere()
    {
        using TemporaryFolder first = new(), second = new();
        first.Run(TinyRun.Recipe);
        string path = first.Write("recipes/mine.yaml", RecipeWriter.Write(TinyRun.Recipe with { Teacher = new() }) + "teacher: {weights: ../run/seed-0/teacher/weights/best.onnx}\n");
        var diary = new Diary();

        var result = second.Run(RecipeReader.Load(path), diary);

        Assert.Equal(["control (seed 0)", "distilled (seed 0)"], diary.Trained.Select(one => one.Name));
        Assert.Equal("best.onnx", result.Report.Variants[0].Model);
        Assert.Equal(first["run", "seed-0", "teacher", "weights", "best.onnx"], RecipeReader.Load(result.Folder.Recipe).Teacher.Weights);
        Assert.Equal(result.Report.ToJson(), second.Resume(RecipeReader.Load(result.Folder.Recipe)).Report.ToJson());
    }

    [Fact]
    public void The_log_tells_every_stage()
    {
        using var folder = new TemporaryFolder();
        var log = new Log();

        Distiller.Run(TinyRun.Recipe, new() { Folder = folder["run"], Log = log }, TestContext.Current.CancellationToken);

        // What this machine does slower is remarked as well.
        string[] lines = [.. log.Lines.Except(DistillSharp.Native.NativeTorch.Remarks)];
        Assert.Equal($"tiny: glyphs (300/200), in {folder["run"]}", lines[0]);
        Assert.Equal("seed 0: 270 training images, 30 held out to choose the best epoch", lines[1]);
        Assert.Matches("^seed 0: the teacher gets [0-9.]+ % of 30 held-out samples right$", lines[2]);
        Assert.Equal("scoring every variant on the test set", lines[^1]);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_fails_before_any_training()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("file", "in the way");
        var diary = new Diary();

        Assert.Throws<IOException>(() => Distiller.Run(TinyRun.Recipe, new() { Folder = Path.Combine(file, "run"), Observers = [diary] }, TestContext.Current.CancellationToken));

        Assert.Empty(diary.Trained);
    }

    [Fact]
    public void A_cancelled_run_stops_after_the_step_and_can_be_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        using var stop = new StopAfter("distilled (seed 0)", 2);
        var diary = new Diary();

        Assert.ThrowsAny<OperationCanceledException>(() => Distiller.Run(TinyRun.Recipe, new() { Folder = folder["run"], Observers = [diary, stop] }, stop.Token));

        Assert.Equal(("distilled (seed 0)", 0L, 2L), diary.Trained[^1]);
        Assert.True(File.Exists(folder["run", "seed-0", "distilled", "state.safetensors"]));
    }
}
