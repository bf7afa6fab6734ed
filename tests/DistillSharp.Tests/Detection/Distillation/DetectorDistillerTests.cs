using DistillSharp.Detection;
using DistillSharp.Detection.Distillation;
using DistillSharp.Detection.Reports;
using DistillSharp.Detection.Training;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Losses;
using DistillSharp.Losses.Detection;
using DistillSharp.Losses.Feature;
using DistillSharp.Plugins;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;
using DistillSharp.TestKit;
using DistillSharp.Tests.Detection.Training;
using DistillSharp.Tests.Runs;
using DistillSharp.Tests.Training;

namespace DistillSharp.Tests.Detection.Distillation;

[Collection(Alone.Name)]
public sealed class DetectorDistillerTests
{
    private static readonly string[] s_variants = ["teacher", "control", "distilled", "int8"];
    private static readonly DetectionTrainingOptions s_short = new() { Epochs = 2, Batch = 3, ImageSize = 64, NominalBatch = 3, Optimizer = "adamw", LearningRate = 0.002, WarmupEpochs = 0 };

    [Fact]
    public void The_whole_job_leaves_models_a_report_and_pictures()
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe(folder) with { Quantization = new() { Samples = 4 }, Seeds = 2, Evaluation = new() { Profile = false } };
        var diary = new StageDiary();

        var run = DetectorDistiller.Run(recipe, new() { Folder = folder["run"], Observers = [diary] }, TestContext.Current.CancellationToken);

        diary.AssertWhole(["teacher", .. new[] { 0, 1 }.SelectMany(seed => s_variants[1..].Select(stage => $"{stage} (seed {seed})")), "measuring"]);
        Assert.All(diary.Trained, pair => Assert.Equal(pair.Stage, pair.Model));
        Assert.Equal(s_variants, run.Report.Variants.Select(variant => variant.Name));
        Assert.All(run.Report.Variants, variant => Assert.Equal(2, variant.Scores.Count));
        Assert.Equal(2, run.Report.Gain!.Points.Count);
        Assert.Equal(100 * (run.Report.Find("distilled")!.Scores[1].Map - run.Report.Find("control")!.Scores[1].Map), run.Report.Gain.Points[1], 1e-9);
        Assert.All(
            ["recipe.yaml", "report.json", "report.html", "teacher/weights/best.onnx", "seed-0/control/weights/best.onnx", "seed-0/distilled/results.csv", "seed-1/int8/weights/best.onnx", "curves/distilled/PR_curve.png"],
            name => Assert.True(new FileInfo(folder["run", name]).Length > 0, name));
        using var session = ModelSession.Open(run.StudentPath, new() { Threads = 1 });
        Assert.Contains("int8", run.StudentPath, StringComparison.Ordinal);
        Assert.Equal("red, blue", string.Join(", ", session.Card!.ClassNames));
        Assert.Equal(run.Report.ToJson(), DetectionRunReport.Parse(File.ReadAllText(folder["run", "report.json"])).ToJson());
    }

    [Fact]
    public void Every_term_and_its_gradient_is_in_the_results()
    {
        using var folder = new TemporaryFolder();

        DetectorDistiller.Run(Recipe(folder) with { Control = false }, new() { Folder = folder["run"] }, TestContext.Current.CancellationToken);

        string[] lines = File.ReadAllLines(folder["run", "seed-0", "distilled", "results.csv"]);
        string[] header = lines[0].Split(',');
        foreach (string column in new[] { "train/score-weighted", "train/sigmoid-kd", "train/ld", "weighted/ld", "gradient/detection", "gradient/score-weighted", "gradient/sigmoid-kd", "gradient/ld" })
        {
            int at = Array.IndexOf(header, column);
            Assert.True(at >= 0, column);
            Assert.All(lines[1..], line => Assert.True(double.Parse(line.Split(',')[at], System.Globalization.CultureInfo.InvariantCulture) > 0, $"{column}: {line}"));
        }
    }

    [Fact]
    public void The_methods_for_detectors_train_together()
    {
        string[] keys = ["cwd", "mgd", "fgd", "pkd", "cosine", "boxes", "kd"];
        using var folder = new TemporaryFolder();
        var recipe = Recipe(folder) with { Control = false, Training = s_short with { Epochs = 1 }, Distillation = new() { Losses = [.. keys.Select(key => new PluginChoice<DistillationLoss>(key))] } };

        var run = DetectorDistiller.Run(recipe, new() { Folder = folder["run"] }, TestContext.Current.CancellationToken);

        var epoch = Assert.Single(run.Report.Find("distilled")!.Scores[0].Curve);
        Assert.All(keys, key => Assert.True(epoch.GradientNorms[key] > 0 && double.IsFinite(epoch.Terms[key]), key));
    }

    [Fact]
    public void The_teacher_alone_can_teach_pictures_without_labels_too()
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe(folder) with
        {
            Control = false,
            Distillation = new() { Losses = [new("boxes")], Hard = 0 },
            Unlabelled = new() { Folder = folder["others"], Ratio = 2 },
        };
        Directory.CreateDirectory(folder["others"]);
        File.Copy(Directory.GetFiles(folder["images", "train"])[0], folder["others", "a.png"]);

        var run = DetectorDistiller.Run(recipe, new() { Folder = folder["run"] }, TestContext.Current.CancellationToken);

        Assert.All(run.Report.Find("distilled")!.Scores[0].Curve, epoch => Assert.Equal("boxes", Assert.Single(epoch.GradientNorms).Key));
    }

    [Fact]
    public void A_run_stopped_in_every_stage_and_resumed_is_the_one_that_was_not()
    {
        using var folder = new TemporaryFolder();
        var whole = Recipe(folder);
        string others = folder["others"];
        Directory.CreateDirectory(others);
        File.Copy(Directory.GetFiles(folder["images", "train"])[0], Path.Combine(others, "a.png"));

        // Whatever holds a state: gradients that are added up, adapters, masks that are drawn, balance, pictures without labels.
        var recipe = whole with
        {
            Evaluation = new() { Profile = false },
            Training = s_short with { NominalBatch = 6, MultiScale = true },
            Distillation = new() { Losses = [new("mgd"), new("boxes"), new("sigmoid-kd")], Balance = new() { Every = 1 } },
            Unlabelled = new() { Folder = others, Ratio = 0.4 },
        };
        DetectorDistiller.Run(recipe, new() { Folder = folder["whole"] }, TestContext.Current.CancellationToken);
        foreach (string stage in new[] { "teacher", "control", "distilled" })
        {
            using var stop = new CancellationTokenSource();
            string running = "";
            var stopper = new WatchingObserver { AtStart = run => running = run.Name, AtStep = at => { if (running.StartsWith(stage, StringComparison.Ordinal) && at.Step == 3) { stop.Cancel(); } } };
            var options = new DetectionRunOptions { Folder = folder["broken"], Observers = [stopper], Resume = stage != "teacher" };
            Assert.ThrowsAny<OperationCanceledException>(() => DetectorDistiller.Run(recipe, options, stop.Token));
            Assert.StartsWith(stage, running, StringComparison.Ordinal);
        }

        DetectorDistiller.Resume(folder["broken"], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(File.ReadAllBytes(folder["whole", "seed-0", "distilled", "weights", "last.onnx"]), File.ReadAllBytes(folder["broken", "seed-0", "distilled", "weights", "last.onnx"]));
    }

    [Fact]
    public void The_control_is_the_student_trained_alone()
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe(folder) with { Seed = 4 };
        var diary = new StageDiary();

        var run = DetectorDistiller.Run(recipe, new() { Folder = folder["run"] }, TestContext.Current.CancellationToken);
        DetectionTraining.Run(new() { Name = "try", Model = recipe.Model, Data = recipe.Data, Seed = 4, Threads = 1, Training = recipe.Training }, new() { Folder = folder["alone"], Observers = [diary] }, TestContext.Current.CancellationToken);

        diary.AssertWhole("try", "measuring");
        Assert.NotNull(run.Report.Find("control")!.Profile);
        Assert.Equal(run.Report.Find("control")!.Profile, run.Report.Find("distilled")!.Profile);
        var (control, alone) = (OnnxFile.Load(folder["run", "seed-4", "control", "weights", "last.onnx"]), OnnxFile.Load(folder["alone", "weights", "last.onnx"]));
        Assert.All(alone.Initializers, weight => Assert.Equal(weight.Data.Bytes.ToArray(), control.FindInitializer(weight.Name)!.Data.Bytes.ToArray()));
    }

    [Fact]
    public void Folds_report_every_picture_once_and_train_a_teacher_each()
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe(folder) with { Folds = 3, Training = s_short with { Epochs = 1 }, Evaluation = new() { Profile = false } };
        var diary = new StageDiary();

        var run = DetectorDistiller.Run(recipe, new() { Folder = folder["run"], Observers = [diary] }, TestContext.Current.CancellationToken);

        diary.AssertWhole([.. new[] { 1, 2, 3 }.SelectMany(fold => s_variants[..3].Select(stage => $"{stage} (fold {fold})")), "measuring"]);
        Assert.Equal(["fold 1", "fold 2", "fold 3"], run.Report.Repeats);
        Assert.Equal(6, run.Report.Find("control")!.Scores.Sum(score => score.Images));
        Assert.All([1, 2, 3], fold => Assert.True(File.Exists(folder["run", $"fold-{fold}", "teacher", "weights", "best.onnx"])));
        Assert.DoesNotContain(run.Report.Warnings, warning => warning.Contains("also teach", StringComparison.Ordinal));
    }

    [Fact]
    public void A_teacher_below_its_floor_is_refused_and_one_weaker_than_the_student_is_told()
    {
        using var folder = new TemporaryFolder();
        var strict = Recipe(folder) with { Teacher = [new() { Model = Narrow(), Training = s_short with { Epochs = 1 }, Floor = 0.99 }] };
        var error = Assert.Throws<WeakTeacherException>(() => DetectorDistiller.Run(strict, new() { Folder = folder["strict"] }, TestContext.Current.CancellationToken));
        Assert.Contains("below the floor of 0.99", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["strict", "seed-0", "control"]));

        var teacher = new CheckedDetector(new("teacher", "yolo11s", "teacher.onnx", null), null!, 0.2);
        Assert.Contains("mAP50-95 0.200 against 0.300 for the control (seed 0)", teacher.WeakerThan(0.3, "seed 0"), StringComparison.Ordinal);
        Assert.Null(teacher.WeakerThan(0.1, "seed 0"));
    }

    [Fact]
    public void Pictures_that_score_and_teach_are_told_in_the_report()
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe(folder) with { Control = false, Training = s_short with { Epochs = 1 } };
        string data = File.ReadAllText(folder["data.yaml"]);
        File.WriteAllText(folder["data.yaml"], data.Replace("val: images/val", "val: images/train", StringComparison.Ordinal));

        var run = DetectorDistiller.Run(recipe, new() { Folder = folder["run"] }, TestContext.Current.CancellationToken);

        Assert.Contains("6 of the 6 pictures that are reported also teach", Assert.Single(run.Report.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe(folder);
        Directory.CreateDirectory(folder["empty"]);
        var options = new DetectionRunOptions { Folder = folder["run"] };
        void Refused<T>(DetectionRecipe wrong, string told)
            where T : Exception
        {
            var error = Assert.ThrowsAny<T>(() => DetectorDistiller.Run(wrong, options, TestContext.Current.CancellationToken));
            Assert.Contains(told, error.Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder["run"]), told);
        }

        Refused<DataException>(recipe with { Unlabelled = new() { Folder = folder["empty"] } }, folder["empty"]);
        Refused<DataException>(recipe with { Distillation = new() { Losses = [new("crd")] } }, "pictures with boxes do not have");
        Refused<DataException>(recipe with { Distillation = new() { Losses = [new("cwd", new CwdLossOptions { Taps = ["model.99"] })] } }, "cwd");
        Refused<ArgumentException>(recipe with { Folds = 2, Seeds = 2 }, "folds");
        Refused<DataException>(recipe with { Unlabelled = new() { Folder = folder["images", "val"] } }, "3 of the pictures without labels are among those that are reported");
        Refused<DataException>(recipe with { Distillation = new() { Losses = [new("cwd", new CwdLossOptions { Weight = 0 })], Hard = 0 } }, "nothing to learn from");
        Refused<DataException>(recipe with { Distillation = new() { Losses = [new("score-weighted", new ScoreWeightedLossOptions { Taps = ["model.19"] })] } }, "the levels' cells");
        Refused<ArgumentException>(recipe with { Teacher = [new() { Model = Narrow(), Names = ["red", "blue"] }] }, "is trained here");
        Refused<FileNotFoundException>(recipe with { Teacher = [new() { Model = "none.pt" }] }, "none.pt");

        var classifier = SmallRun.Mlp(4);
        OnnxFile.Save(classifier, folder["classifier.onnx"]);
        Refused<DataException>(recipe with { Teacher = [new() { Model = folder["classifier.onnx"], Names = ["red", "blue"] }] }, "boxes");
    }

    private static DetectorChoice Narrow() => new("yolo11", new Yolo11Options { WidthMultiple = 0.125 });

    private static DetectionRecipe Recipe(TemporaryFolder folder) => new()
    {
        Name = "try",
        Model = Narrow(),
        Data = RectangleSet.Write(folder),
        Threads = 1,
        Training = s_short,
        Teacher = [new() { Model = new DetectorChoice("yolo11", new Yolo11Options { WidthMultiple = 0.25 }), AllowWeak = true }],
    };
}
