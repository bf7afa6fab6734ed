using DistillSharp.TestKit;

namespace EndToEnd.Tests;

public class RunFolderTests(TinyRun run)
{
    private static readonly string[] s_trained = ["teacher", "control", "distilled"];

    [Fact]
    public void Holds_everything_the_run_made_and_nothing_half_written()
    {
        string[] stages = [.. s_trained.Select(name => $"seed-0/{name}")];
        string[] expected =
        [
            "example.png", "recipe.yaml", "report.html", "report.json",
            .. stages.SelectMany(stage => new[]
            {
                $"{stage}/results.csv", $"{stage}/state.safetensors", $"{stage}/weights/best.onnx", $"{stage}/weights/last.onnx",
                $"{stage}/events.out.tfevents.0000000000.distill",
            }),
        ];
        string[] found = [.. Directory.GetFiles(run.At(), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(run.At(), path).Replace('\\', '/'))];
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.All(found, path => Assert.NotEqual(0, new FileInfo(run.At(path)).Length));
    }

    [Fact]
    public void The_curve_has_a_row_for_every_epoch_and_a_column_for_every_loss()
    {
        string[] lines = File.ReadAllLines(run.At("seed-0", "distilled", "results.csv"));
        string[] names = lines[0].Split(',');
        Assert.Equal(["1", "2", "3"], lines.Skip(1).Select(line => line.Split(',')[0]));
        Assert.Contains("loss_hard", names);
        Assert.Contains("loss_kd", names);
        Assert.All(lines, line => Assert.Equal(names.Length, line.Split(',').Length));
        Assert.DoesNotContain("loss_kd", File.ReadAllText(run.At("seed-0", "control", "results.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_events_hold_the_loss_and_the_held_out_accuracy()
    {
        string events = File.ReadAllText(run.At("seed-0", "distilled", "events.out.tfevents.0000000000.distill"), System.Text.Encoding.Latin1);
        Assert.All(["brain.Event:2", "loss/total", "loss/kd", "accuracy/validation"], tag => Assert.Contains(tag, events, StringComparison.Ordinal));
    }

    [Fact]
    public void Its_recipe_run_again_gives_the_same_models_to_the_byte()
    {
        DistillCommand.RunIn(run.Folder, ["run", run.At("recipe.yaml"), "--out", "again", "--set", "evaluation.profile=false"]).Done();
        foreach (string file in s_trained.SelectMany(stage => new[] { $"seed-0/{stage}/weights/best.onnx", $"seed-0/{stage}/weights/last.onnx" }))
        {
            Assert.True(File.ReadAllBytes(run.At(file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(run.Folder, "again", file))), $"{file} differs.");
        }
    }

    [Fact]
    public void Another_seed_gives_other_models()
    {
        DistillCommand.RunIn(run.Folder, ["run", run.Recipe, "--out", "other", "--seed", "1", "--set", "evaluation.profile=false"]).Done();
        Assert.NotEqual(File.ReadAllBytes(run.At("seed-0/distilled/weights/best.onnx")), File.ReadAllBytes(Path.Combine(run.Folder, "other/seed-1/distilled/weights/best.onnx")));
    }
}
