using DistillSharp.Losses.Response;
using DistillSharp.Recipes;
using DistillSharp.Reports;
using DistillSharp.Runs;
using DistillSharp.Tasks.Data;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Runs;

public sealed class MethodComparisonTests
{
    private static readonly Recipe s_kd = TinyRun.Recipe with { Name = "kd", Distillation = new() { Losses = [new("kd", new KdLossOptions { Weight = 0.9 })], Hard = 0.1 } };
    private static readonly Recipe s_soft = TinyRun.Recipe with { Name = "soft", Distillation = new() { Losses = [new("kd", new KdLossOptions { Temperature = 2 })], Hard = 0 } };

    [Fact]
    public void Methods_share_one_teacher_one_control_and_one_split_and_make_one_table()
    {
        using var folder = new TemporaryFolder();
        var diary = new Diary();
        var report = MethodComparison.Run([s_kd, s_soft], 2, folder["all"], new() { Observers = [diary] }, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["student (seed 0)", "student (seed 0)", "student (seed 1)", "distilled (seed 0)", "distilled (seed 1)", "distilled (seed 0)", "distilled (seed 1)"],
            diary.Trained.Select(one => one.Name));
        Assert.Equal(["control", "kd", "soft"], report.Rows.Select(row => row.Name));
        Assert.Equal(["hard labels alone", "0.1 hard + 0.9 kd (T 4)", "0 hard + 1 kd (T 2)"], report.Rows.Select(row => row.Terms));
        Assert.All(report.Rows, row => Assert.Equal(2, row.Top1.Count));

        double[] control = [.. report.Rows[0].Top1], kd = [.. report.Rows[1].Top1];
        Assert.Equal(kd.Zip(control, (a, b) => a - b).Average(), report.Rows[1].Against!.Mean, 1e-9);
        Assert.Equal(Math.Abs(kd[0] - kd[1]) / Math.Sqrt(2), report.Rows[1].Deviation, 1e-9);
        Assert.Equal(kd.Zip(control).Count(pair => pair.First > pair.Second), report.Rows[1].Against!.Wins);
        Assert.Null(report.Rows[0].Against);
        var told = RunReport.Parse(File.ReadAllText(folder["all", "kd", "report.json"]));
        Assert.Equal([.. told.Find("distilled")!.Seeds.Select(seed => 100 * seed.Score.Top1)], kd);

        string table = File.ReadAllText(folder["all", "comparison.md"]);
        Assert.Equal(report.ToMarkdown(), table);
        Assert.Contains("| soft | 0 hard + 1 kd (T 2) |", table, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_done_is_not_done_again()
    {
        using var folder = new TemporaryFolder();
        var first = MethodComparison.Run([s_kd], 1, folder["all"], null, TestContext.Current.CancellationToken);
        var diary = new Diary();
        var second = MethodComparison.Run([s_kd, s_soft], 1, folder["all"], new() { Observers = [diary] }, TestContext.Current.CancellationToken);

        Assert.Equal(["distilled (seed 0)"], diary.Trained.Select(one => one.Name));
        Assert.Equal(first.Rows[1].Top1, second.Rows[1].Top1);
        Assert.NotNull(first.Rows[1].Against!.Images);
        Assert.Equal(first.Rows[1].Against!.Images, second.Rows[1].Against!.Images);
        Assert.All(second.Rows, row => Assert.Equal(first.Rows[0].Parameters, row.Parameters));

        var error = Assert.Throws<ArgumentException>(() => MethodComparison.Run([s_kd with { Distillation = new() }], 1, folder["all"]));
        Assert.Contains("another recipe", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_teacher_is_scored_as_one_that_was_trained_here()
    {
        using var folder = new TemporaryFolder();
        var trained = MethodComparison.Run([s_kd], 1, folder["trained"], null, TestContext.Current.CancellationToken);
        string file = Path.Combine(folder["trained", "teacher"], RunReport.Parse(File.ReadAllText(folder["trained", "teacher", "report.json"])).Variants[0].File);
        var finished = MethodComparison.Run([s_kd with { Teacher = s_kd.Teacher with { Model = null, Training = null, Weights = file } }], 1, folder["finished"], null, TestContext.Current.CancellationToken);

        Assert.Equal(s_kd.Teacher.Model!.Key, trained.Teacher);
        Assert.Equal(Path.GetFileName(file), finished.Teacher);
        Assert.Equal(trained.TeacherTop1, finished.TeacherTop1);
        Assert.Contains(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"teacher best.onnx ({100 * trained.TeacherTop1:0.00} % top-1)"), finished.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Recipes_that_differ_in_more_than_their_distillation_are_refused()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("training.epochs is 3 and 4", Refused(s_kd, s_soft with { Training = s_soft.Training with { Epochs = 4 } }), StringComparison.Ordinal);
        Assert.Contains("named 'kd'", Refused(s_kd, s_kd), StringComparison.Ordinal);
        Assert.Contains("another name", Refused(s_kd with { Name = "control" }), StringComparison.Ordinal);
        Assert.Contains("one teacher and one student", Refused(s_kd with { Teacher = new() }), StringComparison.Ordinal);
        Assert.Contains("one recipe or more", Refused(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["all"]));

        string Refused(params Recipe[] recipes) => Assert.Throws<ArgumentException>(() => MethodComparison.Run(recipes, 1, folder["all"])).Message;
    }

    [Fact]
    public void What_the_last_recipe_asks_for_is_looked_at_before_the_first_is_trained()
    {
        using var folder = new TemporaryFolder();
        var diary = new Diary();
        var wrong = s_soft with { Distillation = RecipeReader.Parse("distillation: {losses: [{sp: {taps: [layer9]}}]}\nstudent: {model: lenet5}\nteacher: {model: lenet5}\ndata: {set: glyphs}").Distillation };

        var error = Assert.Throws<DataException>(() => MethodComparison.Run([s_kd, wrong], 1, folder["all"], new() { Observers = [diary] }, TestContext.Current.CancellationToken));
        Assert.Contains("'layer9'", error.Message, StringComparison.Ordinal);
        var absent = s_kd with { Teacher = new() { Weights = folder["none.onnx"] } };
        Assert.Contains("none.onnx", Assert.ThrowsAny<Exception>(() => MethodComparison.Run([absent], 1, folder["all"], new() { Observers = [diary] })).Message, StringComparison.Ordinal);
        Assert.Empty(diary.Trained);
        Assert.False(Directory.Exists(folder["all"]));
    }

    [Fact]
    public void The_verdict_names_what_helps_what_hurts_and_what_it_cannot_tell()
    {
        static ComparisonRow Row(string name, params double[] gains) => new()
        {
            Name = name,
            Terms = "",
            Top1 = [50, 50, 50],
            Mean = 50,
            Deviation = 0,
            Against = gains.Length == 0 ? null : Gain.Of(new()
            {
                Figure = "top-1",
                Show = value => $"{value}",
                Control = [0.5, 0.5, 0.5],
                Distilled = [.. gains.Select(gain => 0.5 + (gain / 100))],
                Repeat = "seed",
                Grain = 0.001,
                Floor = 0.1,
                FloorName = "chance",
            }),
            Parameters = 1,
            SecondsAnEpoch = 1,
        };
        var report = new ComparisonReport
        {
            Data = "d",
            Student = "s",
            Teacher = "t",
            TeacherTop1 = 0.5,
            Epochs = 1,
            Seeds = [0, 1, 2],
            Machine = MachineReport.Read(),
            Rows = [Row("control"), Row("a", 1, 1.2, 1.1), Row("b", 0.5, 0.1, 2), Row("c", -1, -1.2, -1.1), Row("d", 2, 2.1, 2.2)],
        };

        Assert.Equal("Helps: a, d. No clear difference: b. Hurts: c.", report.Verdict());
        Assert.Contains("one in 40 would seem to help", report.Method(), StringComparison.Ordinal);

        // Mean 1.1, s 0.1: 4.303 * 0.1 / sqrt(3) = 0.248.
        Assert.Contains("| a |  | 50.00 ± 0.00 | +1.10 (+0.85 to +1.35) | 3 of 3 |", report.ToMarkdown(), StringComparison.Ordinal);
    }
}
