using DistillSharp.Recipes;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Runs;

/// <summary>The control may be trained its own way, and the report says what differs.</summary>
public sealed class ControlTests
{
    [Fact]
    public void Settings_of_its_own_train_the_control_alone_and_are_reported_value_by_value()
    {
        using var folder = new TemporaryFolder();
        var recipe = RecipeReader.Parse(
            RecipeWriter.Write(TinyRun.Recipe) + "control-training: {epochs: 2, batch: 32, optimizer: {adamw: {learning-rate: 0.002}}}\n");

        var result = folder.Run(recipe);

        Assert.Equal(1 + 2, File.ReadLines(folder["run", "seed-0", "control", "results.csv"]).Count());
        Assert.Equal(1 + 3, File.ReadLines(folder["run", "seed-0", "distilled", "results.csv"]).Count());
        var told = result.Report.ControlDifference;
        Assert.Contains("~ epochs: 3; in the control 2", told);
        Assert.Contains("~ optimizer.sgd.momentum: 0.9; in the control absent", told);
        Assert.Contains("~ optimizer.adamw.learning-rate: absent; in the control 0.002", told);
        Assert.DoesNotContain(told, line => line.Contains("batch", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_settings_of_its_own_the_control_is_trained_like_the_student()
    {
        using var folder = new TemporaryFolder();

        var result = folder.Run(TinyRun.Recipe with { ControlEpochs = 4 });

        Assert.Equal(1 + 4, File.ReadLines(folder["run", "seed-0", "control", "results.csv"]).Count());
        // The default warm-up is a share of the epochs.
        Assert.Equal(["~ epochs: 3; in the control 4", "~ warmup-epochs: 0.3; in the control 0.4"], result.Report.ControlDifference.Where(line => line.StartsWith('~') && line.Contains("control", StringComparison.Ordinal)));
    }
}
