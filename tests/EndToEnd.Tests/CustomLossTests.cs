using DistillSharp.TestKit;

namespace EndToEnd.Tests;

/// <summary>A loss of another assembly, named in a recipe: nothing of the library knows it.</summary>
public sealed class CustomLossTests
{
    [Fact]
    public void The_sample_loss_trains_a_student_from_its_recipe()
    {
        string configuration = AppContext.BaseDirectory.Contains("Debug", StringComparison.Ordinal) ? "Debug" : "Release";
        string assembly = Path.Combine(SharedFolder.RepositoryRoot, "samples", "CustomLoss", "bin", configuration, "net10.0", "CustomLoss.dll");
        Assert.True(File.Exists(assembly), $"'{assembly}' is not built.");
        using var folder = new TemporaryFolder();
        string recipe = Path.Combine(SharedFolder.RepositoryRoot, "samples", "CustomLoss", "custom-loss.yaml");

        string output = DistillCommand.RunIn(folder.Path, ["run", recipe, "--set", $"plugins=['{assembly}']", "--set", "data.set.glyphs.train=300", "--set", "evaluation.profile=false", "--out", "run"]).Done().Output;

        Assert.Contains("distilled", output, StringComparison.Ordinal);
        string[][] rows = [.. File.ReadAllLines(folder["run", "seed-0", "distilled", "results.csv"]).Select(line => line.Split(','))];
        int column = Array.IndexOf(rows[0], "loss_margin");
        Assert.True(column > 0, $"there is no column loss_margin in {string.Join(", ", rows[0])}");
        Assert.All(rows[1..], row => Assert.True(double.Parse(row[column], System.Globalization.CultureInfo.InvariantCulture) > 0));
        Assert.Contains("margin", File.ReadAllText(folder["run", "recipe.yaml"]), StringComparison.Ordinal);
    }
}
