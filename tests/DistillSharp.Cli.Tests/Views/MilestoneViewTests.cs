using System.Text.RegularExpressions;
using DistillSharp.Cli.Views;
using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Views;

public class MilestoneViewTests
{
    [Fact]
    public void Where_the_output_is_no_terminal_some_ten_plain_lines_a_stage_are_told()
    {
        using var folder = new TemporaryFolder();
        string output = DistillCommand.RunIn(folder.Path, ["run", TinyRecipe.Write(folder, epochs: 40)]).Done().Output;
        int[] told = [.. Regex.Matches(output, @"^student \(seed 0\): epoch (\d+)/40, loss \d", RegexOptions.Multiline).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal([1, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40], told);
        Assert.DoesNotContain(output, letter => letter is '\e' or '\r' or '\b' or '█' or '━' or '─' or '#');
    }

    [Fact]
    public void Stages_are_named_and_numbered_and_variants_profiled_once_a_graph()
    {
        using var folder = new TemporaryFolder();
        string recipe = folder.Write("taught.yaml", """
            name: taught
            threads: 1
            data: {set: {glyphs: {train: 80, test: 20}}, workers: 0}
            teacher: {model: {mlp: {widths: [32]}}, allow-weak: true}
            student: {model: {mlp: {widths: [8]}}}
            training: {epochs: 1, batch: 16, min-steps: 0}
            """);
        string output = DistillCommand.RunIn(folder.Path, ["run", recipe]).Done().Output;
        Assert.Equal(["1 of 4: teacher (seed 0)", "2 of 4: control (seed 0)", "3 of 4: distilled (seed 0)", "4 of 4: measuring"], Regex.Matches(output, @"^\d of \d: .*$", RegexOptions.Multiline).Select(match => match.Value));
        foreach (string figure in new[] { "p50 ms", "p95 ms", @"images/s \(batch 32\)", @"peak memory \(batch 32\)" })
        {
            // Control and student are one graph with other weights.
            Assert.Matches(new Regex($@"^{figure}  +(\S+(?: MB)?)  +(\S+(?: MB)?)  +\2$", RegexOptions.Multiline), output);
        }
    }

    [Fact]
    public void Other_work_is_told_when_nothing_was_for_a_while()
    {
        using var output = new StringWriter();
        var clock = new HandClock();
        using var view = new MilestoneView(output, clock);
        view.Observer.OnStage(new(5, 5, "measuring"));
        foreach (double share in new[] { 0.1, 0.2, 0.3, 0.4 })
        {
            clock.Seconds += 6;
            view.Observer.OnWork(new("profiling", share));
        }

        Assert.Equal(["5 of 5: measuring", "measuring: profiling, 20 %", "measuring: profiling, 40 %"], output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public void An_epoch_that_was_not_validated_tells_no_score()
    {
        using var folder = new TemporaryFolder();
        string output = DistillCommand.RunIn(folder.Path, ["run", TinyRecipe.Write(folder, epochs: 2), "--set", "training.validate-every=2"]).Done().Output;
        Assert.Matches(new Regex(@"epoch 1/2, loss \d\.\d+, train [\d.]+ %, [\d,]+ images/s"), output);
        Assert.Matches(new Regex(@"epoch 2/2, .*, held out [\d.]+ %, [\d,]+ images/s"), output);
    }

    [Fact]
    public void A_study_of_the_teacher_tells_some_ten_lines_too()
    {
        using var folder = new TemporaryFolder();
        string recipe = folder.Write("ft.yaml", """
            name: ft
            threads: 1
            data: {set: {glyphs: {train: 80, test: 20}}, workers: 0}
            teacher: {model: resnet14, training: {epochs: 1, batch: 16}, allow-weak: true}
            student: {model: resnet8}
            training: {epochs: 1, batch: 16}
            evaluation: {profile: false}
            distillation: {losses: [{ft: {paraphraser-epochs: 4}}]}
            """);
        string output = DistillCommand.RunIn(folder.Path, ["run", recipe]).Done().Output;
        int[] told = [.. Regex.Matches(output, @"^distilled \(seed 0\): studies the teacher, batch (\d+)/20, \d:\d\d:\d\d left", RegexOptions.Multiline).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal([2, 4, 6, 8, 10, 12, 14, 16, 18, 20], told);
    }
}
