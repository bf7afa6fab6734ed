using DistillSharp.Graph.Format;
using DistillSharp.Recipes;
using DistillSharp.Tasks.Data;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Runs;

/// <summary>Who teaches whom: several teachers, assistants, generations, peers, the student itself, and stage after stage.</summary>
public sealed class SchemeTests
{
    private const string Tiny = """
        name: tiny
        threads: 1
        data: {set: {glyphs: {train: 300, test: 200}}, workers: 0}
        student: {model: {mlp: {widths: [16]}}}
        training: {epochs: 3, batch: 32, min-steps: 0}
        evaluation: {profile: false}
        """;

    private const string Taught = Tiny + """

        teacher:
          model: {mlp: {widths: [64]}}
          training: {epochs: 8, batch: 32}
          allow-weak: true
        """;

    [Theory]
    [InlineData("mean")]
    [InlineData("logits")]
    [InlineData("confidence")]
    [InlineData("weighted, weights: [3, 1]")]
    public void Several_teachers_are_trained_from_seeds_of_their_own_and_teach_together(string combine)
    {
        using var folder = new TemporaryFolder();
        var report = folder.Run(Read(Taught, $"ensemble: {{members: [{{model: {{mlp: {{widths: [64]}}}}}}], combine: {combine}}}")).Report;

        Assert.Equal(["teacher", "teacher-2", "control", "distilled"], report.Variants.Select(variant => variant.Name));
        Assert.NotEqual(Bytes(folder, "teacher"), Bytes(folder, "teacher-2"));
        Assert.NotEqual(Bytes(folder, "control"), Bytes(folder, "distilled"));
    }

    [Fact]
    public void A_second_teacher_changes_what_is_taught()
    {
        using TemporaryFolder one = new(), two = new();
        one.Run(Read(Taught, ""));
        two.Run(Read(Taught, "ensemble: {members: [{model: {mlp: {widths: [64]}}}]}"));

        Assert.Equal(Bytes(one, "teacher"), Bytes(two, "teacher"));
        Assert.NotEqual(Bytes(one, "distilled"), Bytes(two, "distilled"));
    }

    [Fact]
    public void Each_assistant_is_taught_by_the_model_before_it_and_the_last_teaches_the_student()
    {
        using TemporaryFolder with = new(), without = new();
        var diary = new Diary();
        with.Run(Read(Taught, "assistants: [{model: {mlp: {widths: [48]}}}, {model: {mlp: {widths: [32]}}, training: {epochs: 4, batch: 32}}]"), diary);
        without.Run(Read(Taught, ""));

        Assert.Equal(
            [("teacher (seed 0)", 72L), ("assistant-1 (seed 0)", 27L), ("assistant-2 (seed 0)", 36L), ("control (seed 0)", 27L), ("distilled (seed 0)", 27L)],
            diary.Trained.Select(one => (one.Name, one.To)));
        Assert.Equal(Bytes(with, "control"), Bytes(without, "control"));
        Assert.NotEqual(Bytes(with, "distilled"), Bytes(without, "distilled"));
    }

    [Fact]
    public void Generations_are_born_of_the_one_before_and_start_anew()
    {
        using TemporaryFolder three = new(), one = new();
        var report = three.Run(Read(Tiny, "teacher: {model: {mlp: {widths: [16]}}, allow-weak: true}\ngenerations: 3")).Report;
        one.Run(Read(Tiny, "teacher: {model: {mlp: {widths: [16]}}, allow-weak: true}"));

        Assert.Equal(["teacher", "control", "generation-1", "generation-2", "distilled"], report.Variants.Select(variant => variant.Name));
        Assert.Equal(Bytes(one, "distilled"), Bytes(three, "generation-1"));
        Assert.NotEqual(Bytes(three, "generation-1"), Bytes(three, "generation-2"));
    }

    [Theory]
    [InlineData("mutual: {peers: [{mlp: {widths: [16]}}, {mlp: {widths: [24]}}]}")]
    [InlineData("self-teacher: {decay: 0.9}")]
    public void Without_a_teacher_students_learn_from_each_other_or_from_themselves_and_an_interrupted_run_comes_to_the_same(string scheme)
    {
        using TemporaryFolder whole = new(), halves = new();
        var recipe = Read(Tiny, scheme);
        var report = whole.Run(recipe).Report;
        using (var stop = new StopAfter("distilled (seed 0)", 13))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Distiller.Run(recipe, new() { Folder = halves["run"], Observers = [stop] }, stop.Token));
        }

        halves.Resume(recipe);

        string[] variants = [.. report.Variants.Select(variant => variant.Name)];
        Assert.Equal(scheme.StartsWith("mutual", StringComparison.Ordinal) ? ["control", "peer-1", "peer-2", "distilled"] : ["control", "distilled"], variants);
        Assert.All(variants, variant => Assert.Equal(Bytes(whole, variant), Bytes(halves, variant)));
        Assert.NotEqual(Bytes(whole, "control"), Bytes(whole, "distilled"));
    }

    [Fact]
    public void Peers_learn()
    {
        using var folder = new TemporaryFolder();
        var report = folder.Run(Read(Tiny, "mutual: {peers: [{mlp: {widths: [32]}}]}\ncontrol: false", "training.epochs=15"), []).Report;

        Assert.All(report.Variants, variant => Assert.True(variant.Seeds[0].Score.Top1 > DistillSharp.Teachers.TeacherCheck.ChanceBound(10, 200), $"{variant.Name} gets {variant.Seeds[0].Score.Top1:P1} right"));
    }

    [Fact]
    public void A_stage_goes_on_where_the_one_before_ended()
    {
        using var folder = new TemporaryFolder();
        folder.Run(Read(
            Taught,
            """
            distillation:
              stages:
                - losses: [{kd: {temperature: 2}}]
                  training: {epochs: 2, batch: 32}
              losses: [{kd: {temperature: 4}}]
            """,
            "training.optimizer.sgd.learning-rate=1e-12",
            "training.epochs=1"));

        var stage = OnnxFile.Load(folder["run", "seed-0", "distilled-stage-1", "weights", "last.onnx"]);
        var final = OnnxFile.Load(folder["run", "seed-0", "distilled", "weights", "best.onnx"]);
        foreach (var weight in stage.Initializers.Where(weight => weight.Trainable))
        {
            Assert.Equal(weight.Data.AsSpan<float>().ToArray(), final.FindInitializer(weight.Name)!.Data.AsSpan<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        }
    }

    [Fact]
    public void A_teacher_alone_teaches_from_pictures_without_labels()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["pictures"]);
        var glyphs = new Tasks.Data.Glyphs.GlyphsFormat(new() { Train = 300, Test = 200 }).Open(new()).Train;
        for (int i = 0; i < 40; i++)
        {
            Tasks.Images.ImageFile.SavePng(glyphs.Read(i).Image, folder["pictures", $"{i}.png"]);
        }

        string unlabelled = $"data.unlabelled={folder["pictures"]}";
        var report = folder.Run(Read(Taught, "distillation: {hard: 0}", unlabelled)).Report;
        Assert.Contains("the student from 40 images without labels", report.Split, StringComparison.Ordinal);

        var error = Assert.Throws<RecipeException>(() => Read(Taught, "distillation: {hard: 1}", unlabelled));
        Assert.Contains("hard to 0", error.Message, StringComparison.Ordinal);
        Assert.Throws<DataException>(() => Distiller.Run(Read(Taught, "distillation: {hard: 0}", "data.unlabelled=/nowhere"), new() { Folder = folder["other"] }));
    }

    [Theory]
    [InlineData("ensemble: {members: [{model: mlp}]}", "goes with a 'teacher'")]
    [InlineData("assistants: [{model: mlp}]", "taught by a 'teacher'")]
    [InlineData("generations: 2", "begin with a 'teacher'")]
    [InlineData("teacher: {model: mlp}\nmutual: {peers: [mlp]}", "leave 'teacher'")]
    [InlineData("teacher: {model: mlp}\nself-teacher: {decay: 0.9}", "leave 'teacher' out")]
    [InlineData("mutual: {peers: []}", "one peer or more")]
    [InlineData("teacher: {model: mlp}\nensemble: {members: [{model: mlp}], combine: weighted, weights: [1]}", "each of the 2 teachers")]
    [InlineData("teacher: {model: mlp}\nensemble: {members: [{model: mlp}], combine: weighted, weights: [0, 0]}", "not all 0")]
    [InlineData("teacher: {model: mlp}\nensemble: {members: [{}]}", "needs 'model'")]
    [InlineData("teacher: {model: mlp}\ndistillation: {hard: 0, losses: [{kd: {weight: 0}}]}", "nothing to learn from")]
    [InlineData("teacher: {model: mlp}\ndistillation: {stages: [{losses: [{kd: {weight: 0}}]}]}", "nothing to learn from")]
    public void Schemes_that_make_no_sense_are_refused_before_anything_runs(string scheme, string said)
    {
        var error = Assert.Throws<RecipeException>(() => Read(Tiny, scheme));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_strongly_augmented_view_is_learned_from_where_a_loss_compares_two()
    {
        using TemporaryFolder one = new(), two = new(), other = new();
        one.Run(Read(Taught, "distillation: {hard: 0, losses: [mlkd]}"));
        two.Run(Read(Taught, "distillation: {hard: 0, losses: [mlkd], strong-augment: [{jitter: {pixels: 3}}]}"));
        other.Run(Read(Taught, "distillation: {hard: 0, losses: [mlkd], strong-augment: [{jitter: {pixels: 1}}]}"));

        Assert.NotEqual(Bytes(one, "distilled"), Bytes(two, "distilled"));
        Assert.NotEqual(Bytes(other, "distilled"), Bytes(two, "distilled"));
        Assert.Equal(Bytes(one, "control"), Bytes(two, "control"));
    }

    [Fact]
    public void The_report_says_what_the_control_is_without()
    {
        using var folder = new TemporaryFolder();
        var report = folder.Run(Read(Tiny, "mutual: {peers: [{mlp: {widths: [8]}}]}\ndistillation: {hard: 0.5, balance: {every: 5}, losses: [{kd: {temperature: 1}}]}")).Report;

        Assert.Equal(["+ 1 kd (T 1)", "+ peers that learn with it: mlp", "+ weights that follow the gradients", "~ hard labels with weight 0.5 instead of 1"], report.ControlDifference);
    }

    [Fact]
    public void A_recipe_with_every_scheme_comes_back_from_its_own_text()
    {
        var recipe = Read(
            Taught,
            """
            ensemble: {members: [{model: {mlp: {widths: [8]}}}, {weights: other.onnx}], combine: weighted, weights: [1, 2, 0.5], temperature: 2}
            assistants: [{model: {mlp: {widths: [9]}}, training: {epochs: 7}}]
            generations: 2
            distillation:
              hard: 0.5
              balance: {every: 7, smoothing: 0.5}
              stages: [{hard: 0.25, losses: [{kd: {temperature: 3}}], training: {epochs: 5}}]
              losses:
                - kd: {temperature: 3, weight-schedule: {warm-up: {epochs: 4}}, temperature-schedule: {linear: {final: 2}}}
                - sp: {taps: [a=b, c]}
            """);

        string text = RecipeWriter.Write(recipe);
        Assert.Equal(text, RecipeWriter.Write(RecipeReader.Parse(text)));
        Assert.Contains("every: 7", text, StringComparison.Ordinal);
        Assert.Contains("a=b", text, StringComparison.Ordinal);
        Assert.Contains("widths: [9]", text, StringComparison.Ordinal);
    }

    private static Recipe Read(string text, string more, params string[] changes) => RecipeReader.Parse(text + "\n" + more, overrides: changes);

    private static byte[] Bytes(TemporaryFolder folder, string variant)
    {
        var graph = OnnxFile.Load(folder["run", "seed-0", variant, "weights", "best.onnx"]);
        return [.. graph.Initializers.OrderBy(one => one.Name, StringComparer.Ordinal).SelectMany(one => one.Data.Bytes.ToArray())];
    }
}
