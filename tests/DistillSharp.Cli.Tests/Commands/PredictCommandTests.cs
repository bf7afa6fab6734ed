using System.Globalization;
using System.Text.RegularExpressions;
using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class PredictCommandTests
{
    [Fact]
    public void Every_picture_gets_a_line_with_the_most_probable_classes_first()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.Save(folder), one = PictureFolder.Save(folder, "one.png", 250, 10), two = PictureFolder.Save(folder, "two.png", 10, 250);
        string[] lines = DistillCommand.Run("predict", "--model", model, "--top", "10", one, two).Done().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith(one + ": ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(two + ": ", lines[1], StringComparison.Ordinal);
        double[] shares = [.. Regex.Matches(lines[0], @"kind-\d (\d+\.\d) %").Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(10, shares.Length);
        Assert.Equal(shares.OrderDescending(), shares);
        Assert.InRange(shares.Sum(), 99.4, 100.6);
    }

    [Fact]
    public void Three_classes_are_told_unless_asked_otherwise()
    {
        using var folder = new TemporaryFolder();
        string output = DistillCommand.Run("predict", "--model", TinyModel.Save(folder), PictureFolder.Save(folder, "one.png", 250, 10)).Done().Output;
        Assert.Equal(3, Regex.Count(output, "kind-"));
    }

    [Fact]
    public void No_class_at_all_is_refused() => DistillCommand.Run("predict", "--model", "m.onnx", "--top", "0", "x.png").Refused(2, "--top must be 1 or more.");

    [Fact]
    public void An_absent_picture_is_named()
    {
        using var folder = new TemporaryFolder();
        DistillCommand.Run("predict", "--model", TinyModel.Save(folder), "absent.png").Refused(1, "The picture 'absent.png' cannot be read");
    }

    [Fact]
    public void A_damaged_model_is_named()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.SaveTruncated(folder);
        DistillCommand.Run("predict", "--model", model, "x.png").Refused(1, model, "cannot be run by ONNX Runtime");
    }

    [Fact]
    public void A_model_without_a_card_is_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.Save(folder, card: false);
        DistillCommand.Run("predict", "--model", model, "x.png").Refused(1, $"'{model}' carries no card", "class names");
    }
}
