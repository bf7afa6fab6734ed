using DistillSharp.Detection.Data;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Cli.Tests.Commands;

/// <summary>Real files of detectors whose answers cannot be read yet are refused by name, by every command that takes a detector.</summary>
public sealed class UnsupportedDetectorTests : IDisposable
{
    private const string Yolox = "yolox-nano-416.onnx", FastestDet = "fastestdet-352.onnx";
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Files => new() { { Yolox, "looks like YOLOX" }, { FastestDet, "looks like FastestDet" } };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Category", "Golden")]
    [MemberData(nameof(Files))]
    public void A_family_that_is_not_decoded_is_refused_by_name(string file, string name)
    {
        string model = SharedFolder.Data("models", file), picture = SharedFolder.Data("images", "bus.jpg"), set = SharedFolder.Data("coco8", "coco8.yaml");
        string names = _folder.Write("names.txt", string.Join('\n', DetectionData.Open(set, cancellation: TestContext.Current.CancellationToken).ClassNames));
        string[] parts = [name, "not supported yet", "Recognized are"];
        string[] train = ["train", "--model", "yolo11n", "--data", set, "--epochs", "1", "--imgsz", "64", "--teacher", model];

        Run("predict", "--model", model, picture).Refused(1, parts);
        Run("val", "--model", model, "--data", set).Refused(1, parts);
        Run("quantize", model, "--data", set).Refused(1, parts);
        Run(train).Refused(1, parts);
        Run([.. train, "--teacher-names", names]).Refused(1, parts);
        Assert.False(Directory.Exists(_folder["runs"]));
    }

    [Fact]
    public void Rows_with_an_objectness_are_read_where_names_tell_them_and_refused_where_none_do()
    {
        var detector = new ForeignDetector { Layout = "objectness", Format = "cxcywh", Batch = 1, Size = (256, 256) }.Create();
        foreach (var (key, value) in ColourDetector.Metadata.Where(pair => pair.Key is "stride" or "names"))
        {
            detector.Metadata[key] = value;
        }

        string named = _folder.Write("v5.onnx", OnnxFile.Serialize(detector)), picture = ColourData.Picture(_folder, "p.png", 8, 8, (0, 0, 0), (3, 3, 2));
        detector.Metadata.Clear();
        string silent = _folder.Write("silent.onnx", OnnxFile.Serialize(detector));

        Assert.Contains("1 red, 1 blue", Run("predict", "--model", named, picture).Done().Output, StringComparison.Ordinal);
        Run("predict", "--model", silent, picture).Refused(1, "may hold a box and 4 classes in each row, or a box, an objectness and 3 classes", "--names");
    }

    private CommandResult Run(params string[] arguments) => DistillCommand.RunIn(_folder.Path, arguments);
}
