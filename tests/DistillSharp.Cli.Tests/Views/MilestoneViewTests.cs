using System.Text.RegularExpressions;
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
    public void An_epoch_that_was_not_validated_tells_no_score()
    {
        using var folder = new TemporaryFolder();
        string output = DistillCommand.RunIn(folder.Path, ["run", TinyRecipe.Write(folder, epochs: 2), "--set", "training.validate-every=2"]).Done().Output;
        Assert.Matches(new Regex(@"epoch 1/2, loss \d\.\d+, train [\d.]+ %, [\d,]+ images/s", RegexOptions.Multiline), output);
        Assert.Matches(new Regex(@"epoch 2/2, .*, held out [\d.]+ %, [\d,]+ images/s", RegexOptions.Multiline), output);
    }
}
