using DistillSharp.Recipes;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Runs;

/// <summary>What a recipe that says next to nothing does: the grid of <c>eng/defaults.sh</c> in small.</summary>
public sealed class DefaultsTests
{
    [Fact]
    public void A_student_without_normalization_does_not_collapse_under_soft_labels()
    {
        // Without a warm-up and clipping, LeNet-5 ends at 24 % here, against 42 % of its control.
        using var folder = new TemporaryFolder();
        var recipe = RecipeReader.Parse("""
            threads: 1
            data: {set: {glyphs: {train: 2000, test: 1000}}}
            teacher: {model: mlp, training: {epochs: 20}}
            student: lenet5
            training: {epochs: 3}
            evaluation: {profile: false}
            """);

        var report = folder.Run(recipe).Report;

        double control = report.Find("control")!.Mean(score => score.Top1), distilled = report.Find("distilled")!.Mean(score => score.Top1);
        Assert.InRange(control, 0.3, 1);
        Assert.True(distilled > control + 0.05, $"distilled {distilled:P2}, control {control:P2}");
    }

    [Theory]
    [InlineData("", 18, 1_008)]
    [InlineData("min-steps: 30", 36, 36)]
    [InlineData("min-steps: 0", 18, 18)]
    public void A_teacher_without_settings_of_its_own_takes_enough_steps_to_know_something(string said, long student, long teacher)
    {
        using var folder = new TemporaryFolder();
        var diary = new Diary();
        var log = new Log();
        var recipe = Read($"{{epochs: 2, batch: 16, {said}}}");

        Distiller.Run(recipe, new() { Folder = folder["run"], Observers = [diary], Log = log }, TestContext.Current.CancellationToken);

        // 140 of 160 images are trained on in 9 batches; epochs are whole.
        Assert.Equal([("teacher (seed 0)", 0L, teacher), ("control (seed 0)", 0L, student), ("distilled (seed 0)", 0L, student)], diary.Trained.Select(part => (part.Name, part.From, part.To)));
        Assert.Equal(teacher > 18, log.Lines.Any(line => line.Contains($"the teacher trains for {teacher / 9} epochs instead of 2", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_teachers_own_settings_stay()
    {
        using var folder = new TemporaryFolder();
        var diary = new Diary();

        folder.Run(Read("{epochs: 2, batch: 16}", "teacher.training.epochs=1", "teacher.training.batch=16"), diary);

        Assert.Equal(9, diary.Trained[0].To);
    }

    private static Recipe Read(string training, params string[] changes) => RecipeReader.Parse(
        """
        threads: 1
        data: {set: {glyphs: {train: 160, test: 40}}, validation: 0.125, workers: 0}
        teacher: {model: {mlp: {widths: [16]}}, allow-weak: true}
        student: {model: {mlp: {widths: [8]}}}
        training: TRAINING
        evaluation: {profile: false}
        """.Replace("TRAINING", training, StringComparison.Ordinal),
        overrides: changes);
}
