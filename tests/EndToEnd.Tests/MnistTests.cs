using System.Globalization;
using System.Text.RegularExpressions;
using DistillSharp.TestKit;

namespace EndToEnd.Tests;

public class MnistTests
{
    [Fact]
    [Trait("Category", "Data")]
    public void One_epoch_of_a_fully_connected_network_gets_95_percent_right()
    {
        string data = SharedFolder.Data("mnist");
        using var folder = new TemporaryFolder();
        string output = DistillCommand.RunIn(folder.Path, ["train", "--data", "mnist", "--data-root", data, "--no-download", "--model", "mlp", "--epochs", "1", "--threads", "1", "--out", "run"]).Done().Output;
        double top1 = double.Parse(Regex.Match(output, @"^top-1 %\s+(\S+)$", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(top1, 95, 100);
        Assert.Contains("(60,000/10,000)", output, StringComparison.Ordinal);
    }
}
