using System.Text.Json;
using System.Text.RegularExpressions;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Cli.Tests.Commands;

public sealed class DetectorPredictionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_line_and_a_drawn_picture_for_each_picture()
    {
        string model = ColourData.Model(_folder), one = ColourData.Picture(_folder, "one.png", 2, 2, (0, 0, 0), (1, 1, 0), (1, 0, 2)), two = ColourData.Picture(_folder, "two.png", 2, 1);

        string[] lines = Run("predict", "--model", model, one, two).Done().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Matches($@"^{Regex.Escape(one)}: 64x64 2 reds, 1 blue, \d+\.\d ms$", lines[0]);
        Assert.Matches($@"^{Regex.Escape(two)}: 64x32 nothing found, \d+\.\d ms$", lines[1]);
        Assert.Matches(@"^Speed: \d+\.\d ms preprocess, \d+\.\d ms inference, \d+\.\d ms postprocess per image$", lines[2]);
        Assert.Equal("saved to runs/predict", lines[3]);
        Assert.Equal(["one.png", "two.png"], Directory.GetFiles(_folder["runs", "predict"]).Select(Path.GetFileName).Order());
        var drawn = ImageFile.Load(_folder["runs", "predict", "one.png"]);
        Assert.Equal((64, 64), (drawn.Width, drawn.Height));
        Assert.NotEqual(ImageFile.Load(one).Pixels, drawn.Pixels);
        Assert.Equal(ImageFile.Load(two).Pixels, ImageFile.Load(_folder["runs", "predict", "two.png"]).Pixels);
        Assert.EndsWith("saved to runs/predict-2\n", Run("predict", "--model", model, one).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_JSON_and_crops_hold_the_boxes()
    {
        string model = ColourData.Model(_folder), one = ColourData.Picture(_folder, "one.png", 4, 2, (2, 1, 1));

        Run("predict", "--model", model, one, "--imgsz", "128", "--out", "found", "--save-txt", "--save-json", "--save-crops").Done();

        Assert.Equal("1 0.625 0.75 0.25 0.5\n", File.ReadAllText(_folder["found", "labels", "one.txt"]));
        using var json = JsonDocument.Parse(File.ReadAllText(_folder["found", "predictions.json"]));
        var picture = json.RootElement[0];
        Assert.Equal((one, 128, 64), (picture.GetProperty("file").GetString(), picture.GetProperty("width").GetInt32(), picture.GetProperty("height").GetInt32()));
        var box = picture.GetProperty("boxes")[0];
        Assert.Equal(("green", 1, 1.0), (box.GetProperty("name").GetString(), box.GetProperty("class").GetInt32(), box.GetProperty("confidence").GetDouble()));
        Assert.Equal([64, 32, 96, 64], new[] { "x1", "y1", "x2", "y2" }.Select(side => box.GetProperty("box").GetProperty(side).GetDouble()));
        var crop = ImageFile.Load(_folder["found", "crops", "green", "one-1.png"]);
        Assert.Equal((32, 32), (crop.Width, crop.Height));
        Assert.All(Enumerable.Range(0, 1024), i => Assert.Equal((0, 255, 0), (crop.Pixels[i], crop.Pixels[1024 + i], crop.Pixels[2048 + i])));
    }

    [Fact]
    public void Folders_and_patterns_are_pictures_by_name()
    {
        string model = ColourData.Model(_folder);
        ColourData.Picture(_folder, "in/b.png", 2, 2);
        ColourData.Picture(_folder, "in/a.png", 2, 2);
        ColourData.Picture(_folder, "in/deep/c.png", 2, 2);
        _folder.Write("in/notes.txt", "no picture");

        Assert.Equal(["in/a.png", "in/b.png"], Names(Run("predict", "--model", model, "in").Done()));
        Assert.Equal(["in/b.png"], Names(Run("predict", "--model", model, "in/b*.png").Done()));
        Assert.Equal(["in/a.png", "in/b.png", "in/deep/c.png"], Names(Run("predict", "--model", model, "in/**/*").Done()));
        Run("predict", "--model", model, "in/*.jpg").Refused(2, "No picture fits 'in/*.jpg'.");
        Run("predict", "--model", model, "out/*.jpg").Refused(2, "The folder 'out' of the pattern 'out/*.jpg' does not exist.");
        Directory.CreateDirectory(_folder["empty"]);
        Run("predict", "--model", model, "empty").Refused(2, "The folder 'empty' holds no pictures");
    }

    [Fact]
    public void Two_pictures_of_one_name_are_drawn_into_two_files()
    {
        string model = ColourData.Model(_folder), one = ColourData.Picture(_folder, "x/1.png", 2, 2), two = ColourData.Picture(_folder, "y/1.png", 2, 2);
        Run("predict", "--model", model, one, two, "--out", "found").Done();
        Assert.Equal(["1-2.png", "1.png"], Directory.GetFiles(_folder["found"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_bad_picture_is_named_the_others_go_on_and_the_command_fails()
    {
        string model = ColourData.Model(_folder), good = ColourData.Picture(_folder, "good.png", 2, 2, (0, 0, 0)), text = _folder.Write("text.jpg", "no picture at all");
        var result = Run("predict", "--model", model, text, good, "absent.png").Refused(1, $"The picture '{text}' cannot be decoded", "The picture 'absent.png' cannot be read");
        Assert.Contains("64x64 1 red", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_and_limits_are_heeded()
    {
        string model = ColourData.Model(_folder), one = ColourData.Picture(_folder, "one.png", 2, 2, (0, 0, 0), (1, 1, 1), (1, 0, 2));
        Assert.Contains("1 green, 1 blue", Run("predict", "--model", model, one, "--classes", "blue,1").Done().Output, StringComparison.Ordinal);
        Assert.Matches(@"64x64 1 \w+,", Run("predict", "--model", model, one, "--max-det", "1").Done().Output);
        Assert.Contains("nothing found", Run("predict", "--model", model, one, "--conf", "1").Done().Output, StringComparison.Ordinal);
        Run("predict", "--model", model, one, "--classes", "grean").Refused(2, "--classes names 'grean'", "Did you mean 'green'?");
        Run("predict", "--model", model, one, "--classes", "3").Refused(2, "--classes names '3'");
        Run("predict", "--model", model, one, "--conf", "2").Refused(2, "The confidence must be from 0 to 1.");
        Run("predict", "--model", model, one, "--imgsz", "100").Refused(1, "no multiple of the model's stride 32. Use 128.");
        Run("predict", "--model", model, one, "--top", "2").Refused(2, "--top is for classifiers, and this model is a detector.");
    }

    [Fact]
    public void A_classifier_refuses_what_is_for_detectors()
    {
        string model = TinyModel.Save(_folder), one = PictureFolder.Save(_folder, "one.png", 250, 10);
        Run("predict", "--model", model, one, "--conf", "0.5").Refused(2, "--conf is for detectors, and this model is none");
        Run("predict", "--model", model, one, "--save-txt").Refused(2, "--save-txt is for detectors");
    }

    [Fact]
    public void A_file_without_a_card_is_a_detector_by_its_output()
    {
        string model = ColourData.Model(_folder, metadata: new Dictionary<string, string>()), one = ColourData.Picture(_folder, "one.png", 4, 4, (0, 0, 0));
        Assert.Contains("128x128 1 class 0,", Run("predict", "--model", model, one, "--imgsz", "128").Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_out_of_the_file_lead_nowhere_else()
    {
        var metadata = new Dictionary<string, string>(ColourDetector.Metadata) { ["names"] = "{0: '../../evil', 1: '', 2: '..'}" };
        string model = ColourData.Model(_folder, metadata: metadata), one = ColourData.Picture(_folder, "one.png", 2, 2, (0, 0, 0), (1, 1, 1), (1, 0, 2));
        Run("predict", "--model", model, one, "--out", "a/found", "--save-crops").Done();
        Assert.Equal(new HashSet<string?> { "______evil", "_", "__" }, Directory.GetDirectories(_folder["a", "found", "crops"]).Select(Path.GetFileName).ToHashSet());
        Assert.Empty(Directory.GetFiles(_folder.Path, "*evil*", SearchOption.AllDirectories));
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Names(CommandResult result) => [.. Regex.Matches(result.Output, @"^(.+): \d+x\d+ ", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];

    private CommandResult Run(params string[] arguments) => DistillCommand.RunIn(_folder.Path, arguments);
}
