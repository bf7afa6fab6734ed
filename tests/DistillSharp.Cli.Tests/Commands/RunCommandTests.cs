using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class RunCommandTests
{
    private const string Sound = """
        name: tiny
        data: {set: {glyphs: {train: 100, test: 50}}}
        teacher: {model: mlp}
        student: {model: {mlp: {widths: [8]}}}
        training: {epochs: 2}
        distillation:
          losses:
            - kd: {temperature: 2}
        """;

    [Fact]
    public void Every_mistake_is_told_at_once_with_its_line_and_a_caret()
    {
        using var folder = new TemporaryFolder();
        string recipe = folder.Write("bad.yaml", """
            data: mnits
            teacher: {model: resnet8}
            student: {model: mlp}
            training:
              epocs: 5
            distillation:
              losses:
                - kd: {temperature: 0}
            """);
        DistillCommand.Run("run", recipe).Refused(
            2,
            $"{recipe}(1,7): error: There is no data set named 'mnits'. Did you mean 'mnist'?\n  data: mnits\n        ^^^^^\n",
            $"{recipe}(5,3): error: The key 'epocs' is not known here. Did you mean 'epochs'?\n    epocs: 5\n    ^^^^^\n",
            $"{recipe}(8,25): error: The temperature must be above 0; 1 to 20 in practice.\n      - kd: {{temperature: 0}}\n                          ^\n",
            "distill: 3 mistakes in the recipe; nothing was run.");
    }

    [Fact]
    public void An_unknown_loss_is_answered_with_what_there_is()
    {
        using var folder = new TemporaryFolder();
        DistillCommand.Run("run", folder.Write("r.yaml", Sound.Replace("kd:", "kdd:", StringComparison.Ordinal)))
            .Refused(2, "There is no loss named 'kdd'. Did you mean 'kd'?", "    - kdd: {temperature: 2}", "1 mistake in the recipe");
    }

    [Fact]
    public void An_absent_recipe_is_named() => DistillCommand.Run("run", "absent.yaml").Refused(2, "The recipe 'absent.yaml' does not exist.");

    [Fact]
    public void A_file_that_is_no_recipe_is_refused_with_its_name()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("x.yaml", "just words");
        DistillCommand.Run("run", file).Refused(2, file, "A recipe is one YAML document");
    }

    [Fact]
    public void A_misspelt_change_is_answered_with_the_key_meant()
    {
        using var folder = new TemporaryFolder();
        DistillCommand.Run("run", folder.Write("r.yaml", Sound), "--set", "training.epcohs=3")
            .Refused(2, "--set: error: The key 'epcohs' is not known here. Did you mean 'epochs'?", "training.epcohs=3\n  ^");
    }

    [Fact]
    public void An_option_out_of_range_is_refused_like_the_recipes_own_value()
    {
        using var folder = new TemporaryFolder();
        DistillCommand.Run("run", folder.Write("r.yaml", Sound), "--epochs", "0").Refused(2, "The number of epochs must be 1 or more.", "training.epochs=0");
    }

    [Fact]
    public void The_printed_recipe_holds_every_change_and_prints_itself_again()
    {
        using var folder = new TemporaryFolder();
        string printed = DistillCommand.Run("run", folder.Write("r.yaml", Sound), "--print", "--seed", "7", "--set", "distillation.hard=0.25").Done().Output;
        Assert.Contains("\nseed: 7\n", printed, StringComparison.Ordinal);
        Assert.Contains("  hard: 0.25\n", printed, StringComparison.Ordinal);
        Assert.Contains("temperature: 2\n", printed, StringComparison.Ordinal);
        Assert.Contains("  validation: 0.1\n", printed, StringComparison.Ordinal);
        Assert.Equal(printed, DistillCommand.Run("run", folder.Write("again.yaml", printed), "--print").Done().Output);
    }

    [Fact]
    public void A_recipe_and_a_run_to_go_on_with_are_one_too_many() =>
        DistillCommand.Run("run", "r.yaml", "--resume", "runs/r").Refused(2, "Give a recipe (distill run RECIPE), or a run to go on with (distill run --resume RUN).");

    [Fact]
    public void A_run_goes_on_with_its_own_recipe_only()
    {
        using var folder = new TemporaryFolder();
        DistillCommand.Run("run", "--resume", folder.Path, "--epochs", "3").Refused(2, "--resume takes no changes");
    }

    [Fact]
    public void A_run_that_is_not_there_is_named() => DistillCommand.Run("run", "--resume", "runs/none").Refused(2, "The run 'runs/none' does not exist.");

    [Fact]
    public void A_model_trained_alone_leaves_a_recipe_that_runs_again()
    {
        using var folder = new TemporaryFolder();
        string data = new TinyIdx().Write(folder);
        DistillCommand.RunIn(folder.Path, ["train", "--data", "mnist", "--data-root", data, "--model", "mlp", "--epochs", "2", "--threads", "1", "--out", "one"]).Done();
        var again = DistillCommand.RunIn(folder.Path, ["run", "one/recipe.yaml", "--out", "two", "--set", "evaluation.profile=false"]).Done();
        Assert.Contains("student  two/seed-0/student/weights/best.onnx", again.Output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(folder["one/seed-0/student/weights/best.onnx"]), File.ReadAllBytes(folder["two/seed-0/student/weights/best.onnx"]));
    }
}
