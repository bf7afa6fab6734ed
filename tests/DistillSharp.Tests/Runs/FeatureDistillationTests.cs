using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.Observers;
using DistillSharp.Recipes;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Runs;

/// <summary>Losses of features in a whole run: taps, adapters, logs and refusals.</summary>
public sealed class FeatureDistillationTests
{
    private const string Tiny = """
        name: features
        threads: 1
        data: {set: {glyphs: {train: 80, test: 20}}, workers: 0}
        teacher:
          model: resnet14
          training: {epochs: 1, batch: 16}
          allow-weak: true
        student: {model: resnet8}
        training: {epochs: 2, batch: 16}
        evaluation: {profile: false}
        """;

    [Fact]
    public void Pairs_are_proposed_by_stage_and_printed_and_every_term_is_logged_with_weight_and_gradient()
    {
        using var folder = new TemporaryFolder();
        var log = new Log();
        Distiller.Run(Read("distillation: {losses: [{sp: {weight: 3}}, {fitnet: {weight: 2}}]}"), new() { Folder = folder["run"], Log = log }, TestContext.Current.CancellationToken);

        Assert.Contains(log.Lines, line => line.Contains("sp compares (student = teacher) layer3.0 [16, 64, 7, 7] = layer3.1 [16, 64, 7, 7]", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains("fitnet compares (student = teacher) layer2.0 [16, 32, 14, 14] = layer2.1 [16, 32, 14, 14]", StringComparison.Ordinal));
        string[][] rows = [.. File.ReadAllLines(folder["run", "seed-0", "distilled", "results.csv"]).Select(line => line.Split(','))];
        foreach (string term in new[] { "hard", "sp", "fitnet" })
        {
            double Cell(string column, int row) => double.Parse(rows[row][Array.IndexOf(rows[0], $"{column}_{term}")], System.Globalization.CultureInfo.InvariantCulture);
            double weight = term switch { "sp" => 3, "fitnet" => 2, _ => 1 };
            Assert.All([1, 2], row => Assert.Equal(weight * Cell("loss", row), Cell("weighted", row), 1e-6));
            Assert.All([1, 2], row => Assert.True(Cell("gradient", row) > 0));
        }
    }

    [Fact]
    public void Adapters_are_saved_with_the_run_and_never_with_the_student()
    {
        using TemporaryFolder whole = new(), halves = new();
        var recipe = Read("distillation: {losses: [{fitnet: {weight: 2}}]}");
        whole.Run(recipe);
        using (var stop = new StopAfter("distilled (seed 0)", 6))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Distiller.Run(recipe, new() { Folder = halves["run"], Observers = [stop] }, stop.Token));
        }

        halves.Resume(recipe);

        string[] best = ["run", "seed-0", "distilled", "weights", "best.onnx"];
        Assert.Equal(File.ReadAllBytes(whole[best]), File.ReadAllBytes(halves[best]));
        var (tensors, _) = DistillSharp.Weights.SafetensorsFile.Read(whole["run", "seed-0", "distilled", "state.safetensors"]);
        Assert.Contains("adapter.fitnet.0.weights", tensors.Keys);
        Assert.Contains("adapter.fitnet.0.optimizer.momentum", tensors.Keys);
        Assert.Equal(
            OnnxFile.Load(whole["run", "seed-0", "control", "weights", "best.onnx"]).Initializers.Select(one => one.Name),
            OnnxFile.Load(whole[best]).Initializers.Select(one => one.Name));
    }

    [Fact]
    public void A_reused_classifier_ends_the_students_file()
    {
        using var folder = new TemporaryFolder();
        var log = new Log();
        var run = Distiller.Run(Read("distillation: {hard: 0, losses: [{simkd: {taps: [layer3]}}]}"), new() { Folder = folder["run"], Log = log }, TestContext.Current.CancellationToken);

        var shipped = OnnxFile.Load(folder["run", "seed-0", "distilled", "weights", "best.onnx"]);
        var own = OnnxFile.Load(folder["run", "seed-0", "control", "weights", "best.onnx"]);
        var teacher = OnnxFile.Load(folder["run", "seed-0", "teacher", "weights", "best.onnx"]);
        Assert.Equal(own.Outputs[0].Name, shipped.Outputs[0].Name);
        Assert.DoesNotContain(GraphChecker.Check(shipped), problem => problem.IsError);

        // The teacher's last layer in place of the student's, and the projector between.
        var last = shipped.Nodes[^1];
        Assert.Equal("Gemm", last.Operation);
        Assert.Equal(teacher.FindInitializer(teacher.Nodes.Last(node => node.Operation == "Gemm").Inputs[1])!.Data.AsSpan<float>().ToArray(), shipped.FindInitializer(last.Inputs[1])!.Data.AsSpan<float>().ToArray());
        Assert.Single(shipped.Nodes, node => node.Operation == "Gemm");
        Assert.Equal(own.Nodes.Count(node => node.Operation == "Conv") + 3, shipped.Nodes.Count(node => node.Operation == "Conv"));
        Assert.Equal(new FileInfo(folder["run", "seed-0", "distilled", "weights", "best.onnx"]).Length, run.Report.Find("distilled")!.FileLength);

        Assert.Equal("the last layer of resnet14", ModelCard.FromMetadata(shipped.Metadata.ToDictionary())!.Provenance["classifier"]);

        // What the epochs were chosen by is the file's score: the student's own logits were never trained.
        var curve = run.Report.Find("distilled")!.Seeds[0].Curve;
        Assert.All(curve, epoch => Assert.Null(epoch.TrainAccuracy));
        Assert.DoesNotContain(log.Lines, line => line.Contains("thrown away", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_ships_the_projector_goes_on_bit_for_bit()
    {
        using TemporaryFolder whole = new(), halves = new();
        var recipe = Read("distillation: {hard: 0, losses: [simkd]}");
        whole.Run(recipe);
        using (var stop = new StopAfter("distilled (seed 0)", 7))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Distiller.Run(recipe, new() { Folder = halves["run"], Observers = [stop] }, stop.Token));
        }

        halves.Resume(recipe);
        string[] best = ["run", "seed-0", "distilled", "weights", "best.onnx"];
        Assert.Equal(File.ReadAllBytes(whole[best]), File.ReadAllBytes(halves[best]));
    }

    [Theory]
    [InlineData("distillation: {hard: 0, losses: [simkd, simkd, kd]}", "The loss 'simkd-2' cannot be used")]
    [InlineData("distillation: {hard: 0, losses: [simkd, simkd, kd]}", "so does 'simkd'")]
    [InlineData("distillation: {hard: 0, losses: [{simkd: {taps: [layer3=layer3.0]}}]}", "The teacher's 'layer3.0' is not what goes, averaged, into its last layer")]
    [InlineData("distillation: {stages: [{hard: 0, losses: [simkd]}], losses: [kd]}", "the last stage alone")]
    [InlineData("distillation: {hard: 0, losses: [simkd]}\ngenerations: 2", "without assistants, generations")]
    [InlineData("distillation: {hard: 0, losses: [simkd]}\nassistants: [{model: resnet14}]", "without assistants, generations")]
    [InlineData("distillation: {losses: [{simkd: {weight: 0}}]}", "With weight 0 what it brings is never trained")]
    [InlineData("distillation: {losses: [fgd]}", "needs boxes, which pictures with one class each do not have")]
    [InlineData("distillation: {losses: [score-weighted]}", "needs the teacher's class logits of every cell")]
    public void What_an_end_or_these_pictures_do_not_allow_is_refused_before_anything_is_trained(string more, string said)
    {
        using var folder = new TemporaryFolder();
        var diary = new Diary();

        var error = Assert.Throws<DataException>(() => folder.Run(Read(more), diary));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Empty(diary.Trained);
    }

    [Fact]
    public void An_end_behind_averaged_weights_or_of_an_untrained_teacher_is_refused()
    {
        using var folder = new TemporaryFolder();
        var recipe = Read("distillation: {hard: 0, losses: [simkd]}");
        Assert.Contains("training.ema-decay to 0", Assert.Throws<DataException>(() => folder.Run(recipe with { Training = recipe.Training with { EmaDecay = 0.9 } })).Message, StringComparison.Ordinal);

        string own = Tiny[..Tiny.IndexOf("teacher:", StringComparison.Ordinal)] + Tiny[Tiny.IndexOf("student:", StringComparison.Ordinal)..];
        var alone = RecipeReader.Parse(own + "\nself-teacher: {decay: 0.9}\ndistillation: {losses: [srrl]}");
        Assert.Contains("a student that is its own teacher has none yet", Assert.Throws<DataException>(() => folder.Run(alone)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_teaches_the_end_that_is_thrown_away_is_remarked_on()
    {
        using var folder = new TemporaryFolder();
        var log = new Log();
        Distiller.Run(Read("distillation: {losses: [simkd, kd]}"), new() { Folder = folder["run"], Log = log }, TestContext.Current.CancellationToken);
        Assert.Contains(log.Lines, line => line.Contains("the hard labels (weight 1) and 'kd' teach its own end, which is thrown away", StringComparison.Ordinal));
    }

    [Fact]
    public void A_study_of_the_teacher_is_told_batch_by_batch_stops_when_asked_and_begins_anew()
    {
        using TemporaryFolder whole = new(), halves = new();
        var recipe = Read("distillation: {losses: [{ft: {paraphraser-epochs: 2}}]}");
        var (told, again) = (new Studies(), new Studies());
        whole.Run(recipe, told);
        int batches = (80 - 8 + 15) / 16;
        Assert.Equal([.. Enumerable.Range(1, 2 * batches).Select(i => ("distilled (seed 0)", (long)i, 2L * batches)), ("start", 0, 0)], told.Seen);

        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Distiller.Run(recipe, new() { Folder = halves["run"], Observers = [new Studies(study => { if (study.Step == 3) { stop.Cancel(); } })] }, stop.Token));
        halves.Resume(recipe, again);

        Assert.Equal(told.Seen, again.Seen);
        string[] best = ["run", "seed-0", "distilled", "weights", "best.onnx"];
        Assert.Equal(File.ReadAllBytes(whole[best]), File.ReadAllBytes(halves[best]));
    }

    [Theory]
    [InlineData("{sp: {taps: [layer33]}}", "The student has no value 'layer33', and none under that path. Did you mean 'layer3'")]
    [InlineData("{sp: {taps: [layer3=layr2]}}", "The teacher has no value 'layr2'")]
    [InlineData("{fitnet: {taps: [layer3=layer1]}}", "[16, 64, 7, 7]")]
    [InlineData("{fitnet: {taps: [layer3=layer1]}}", "[16, 16, 28, 28]")]
    [InlineData("{sp: {taps: ['=layer1']}}", "no pair of taps")]
    public void Taps_that_are_not_there_or_cannot_meet_are_refused_before_anything_is_trained(string loss, string said)
    {
        using var folder = new TemporaryFolder();
        var diary = new Diary();

        var error = Assert.Throws<DataException>(() => folder.Run(Read($"distillation: {{losses: [{loss}]}}"), diary));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Empty(diary.Trained);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void Teachers_of_other_classes_are_refused_before_anything_is_trained()
    {
        using TemporaryFolder folder = new(), other = new();
        other.Run(RecipeReader.Parse("""
            data: {set: {glyphs: {train: 60, test: 20}}, omit: []}
            student: {model: {mlp: {widths: [4]}}}
            training: {epochs: 1, batch: 16}
            evaluation: {profile: false}
            """));
        var graph = OnnxFile.Load(other["run", "seed-0", "student", "weights", "best.onnx"]);
        graph.Metadata.Clear();
        foreach (var (key, value) in new Tasks.ModelCard("classification", [.. Enumerable.Range(0, 10).Select(i => $"other {i}")], new(1, 28, 28, [0.5f], [0.5f])).ToMetadata())
        {
            graph.Metadata[key] = value;
        }

        OnnxFile.Save(graph, folder["other.onnx"]);
        var diary = new Diary();
        var error = Assert.Throws<DataException>(() => folder.Run(Read($"ensemble: {{members: [{{weights: '{folder["other.onnx"]}'}}]}}"), diary));

        Assert.Contains("other 0", error.Message, StringComparison.Ordinal);
        Assert.Empty(diary.Trained);
    }

    [Fact]
    public void Balanced_terms_send_gradients_in_the_proportion_of_their_weights()
    {
        using var folder = new TemporaryFolder();
        folder.Run(Read("distillation: {balance: {every: 1, smoothing: 0}, losses: [{sp: {weight: 0.5}}]}"));

        string[][] rows = [.. File.ReadAllLines(folder["run", "seed-0", "distilled", "results.csv"]).Select(line => line.Split(','))];
        double Cell(string column, int row) => double.Parse(rows[row][Array.IndexOf(rows[0], column)], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(Cell("gradient_sp", 2) / Cell("gradient_hard", 2), 0.05, 5);
        Assert.True(Cell("weighted_sp", 1) > 10 * Cell("loss_sp", 1), "the small gradient of sp is raised");
    }

    private static Recipe Read(string more) => RecipeReader.Parse(Tiny + "\n" + more);

    /// <summary>Notes the studies, and the start of the training that follows them.</summary>
    private sealed class Studies(Action<TrainingStudy>? also = null) : TrainingObserver
    {
        public List<(string Name, long Step, long Steps)> Seen { get; } = [];

        public override void OnStudy(TrainingStudy study)
        {
            Seen.Add((study.Name, study.Step, study.Steps));
            also?.Invoke(study);
        }

        public override void OnStart(TrainingStart start)
        {
            if (Seen.Count > 0)
            {
                Seen.Add(("start", 0, 0));
            }
        }
    }
}
