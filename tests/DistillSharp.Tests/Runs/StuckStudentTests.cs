using DistillSharp.Recipes;
using DistillSharp.TestKit;
using DistillSharp.Training;

namespace DistillSharp.Tests.Runs;

/// <summary>In a run the teacher's held-out score shows that control and student should learn, and its floor that the teacher should.</summary>
public sealed class StuckStudentTests
{
    private const string Text = """
        name: stuck
        threads: 1
        data: {set: {glyphs: {train: 600, test: 100}}, workers: 0}
        student: {model: {mlp: {widths: [16]}}}
        training: {epochs: 7, warmup-epochs: 0, batch: 32, optimizer: {sgd: {learning-rate: 1e-30}}}
        evaluation: {profile: false}
        teacher:
          model: {mlp: {widths: [64]}}
          training: {epochs: 10, warmup-epochs: 0, batch: 32}
        """;

    [Theory]
    [InlineData("control (seed 0)", 4, "a teacher gets")]
    [InlineData("distilled (seed 0)", 4, "the gradient norms of the weighted terms are hard", "control=false")]
    [InlineData("teacher (seed 0)", 4, "a teacher gets 90.0 % right", "teacher.training.optimizer.sgd.learning-rate=1e-30", "teacher.floor=0.9")]
    public void What_stays_at_chance_is_stopped_by_name(string name, int epoch, string says, params string[] changes)
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<TrainingStuckException>(() => folder.Run(Read(changes)));

        Assert.Equal(epoch, error.EpochNumber);
        Assert.Contains($"Training of the {name} stopped after epoch {epoch}", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_recipe_can_turn_it_off()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(["teacher", "control", "distilled"], folder.Run(Read("training.chance-epochs=0")).Report.Variants.Select(variant => variant.Name));
    }

    private static Recipe Read(params string[] changes) => RecipeReader.Parse(Text, overrides: changes);
}
