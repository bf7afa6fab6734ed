using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Runtime.Tests.Detection;

public sealed class DetectionPredictorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int?, bool> Files => new() { { "planes", null, false }, { "rows", 1, false }, { "finished", null, false }, { "planes", 1, true }, { "rows", 3, true }, { "finished", 2, true } };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_box_lies_where_it_is_in_the_picture_whatever_the_file(string form, int? batch, bool fixedSize)
    {
        using var predictor = Open(ColourDetector.Create(batch, fixedSize ? (64, 64) : null, form, ColourDetector.Metadata));
        for (int round = 0; round < 3; round++)
        {
            // Twice as large as the input: the right half is one cell there.
            if (!fixedSize)
            {
                Found(predictor, new((128, 64, [new(0, 0.75f, 0.5f, 0.5f, 1)])), (32, 64), [("red", new(64, 0, 128, 64))]);
            }

            Found(predictor, new((128, 128, [new(2, 0.25f, 0.75f, 0.5f, 0.5f)])), (64, 64), [("blue", new(0, 64, 64, 128))]);
            Found(predictor, new((64, 64, [])), (64, 64), []);
        }
    }

    [Fact]
    public void A_file_of_halves_is_run_too()
    {
        using var predictor = Open(new Float16Pass(new() { KeepInputsAndOutputs = false }).ApplyInPlace(ColourDetector.Create(metadata: ColourDetector.Metadata)).Graph);
        Found(predictor, new((64, 64, [new(1, 0.25f, 0.25f, 0.5f, 0.5f)])), (64, 64), [("green", new(0, 0, 32, 32))]);
    }

    [Fact]
    public void A_square_is_given_where_it_is_wanted_and_sizes_come_and_go()
    {
        using var predictor = Open(ColourDetector.Create(metadata: ColourDetector.Metadata), new() { Rectangular = false, ImageSize = 128 });
        Found(predictor, new((128, 64, [])), (128, 128), []);
        using var rectangular = Open(ColourDetector.Create(metadata: ColourDetector.Metadata), new() { ImageSize = 256 });

        // Six shapes, more than are kept, twice.
        for (int i = 0; i < 12; i++)
        {
            int height = 32 * (1 + (i % 6));
            Found(rectangular, new((256, height, [ColourScenes.Label(0, (256, height), 32, 0, 64, 32)])), (height, 256), [("red", new(32, 0, 64, 32))]);
        }
    }

    [Fact]
    public void A_file_that_says_nothing_names_classes_by_number()
    {
        // More places than numbers a place: 16 and 7.
        using var predictor = Open(ColourDetector.Create(), new() { ImageSize = 128 });
        Assert.Null(predictor.Card);
        Found(predictor, new((128, 128, [new(1, 0.125f, 0.125f, 0.25f, 0.25f)])), (128, 128), [("class 1", new(0, 0, 32, 32))]);
    }

    [Fact]
    public void A_picture_of_one_pixel_and_a_line_are_pictures()
    {
        using var predictor = Open(ColourDetector.Create(metadata: ColourDetector.Metadata));
        var boxes = predictor.Predict(new PixelImage(3, 1, 1, [255, 0, 0]));
        Assert.Equal(4, boxes.Count);
        Assert.All(boxes, box => Assert.True(box.Box is { Left: >= 0, Top: >= 0, Right: <= 1, Bottom: <= 1 }));
        Assert.Empty(predictor.Predict(new PixelImage(1, 1, 3000, new byte[3000])));
        Assert.Equal((32, 64), predictor.InputOfLast);
    }

    [Fact]
    public void A_steady_predictor_allocates_nothing()
    {
        using var predictor = Open(ColourDetector.Create(metadata: ColourDetector.Metadata));
        var image = new ColourScenes((128, 64, [new(0, 0.75f, 0.5f, 0.5f, 1)])).Read(0);
        List<DetectedBox> found = [];
        for (int i = 0; i < 3; i++)
        {
            predictor.Predict(image, found);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            predictor.Predict(image, found);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Single(found);
    }

    [Fact]
    public void What_is_no_detector_is_refused()
    {
        string path = _folder.Write("classifier.onnx", OnnxFile.Serialize(SmallModel.ResNet()));
        using var classifier = new DetectionPredictor(path);
        Assert.Contains("which is no YOLO detector's", Assert.Throws<DataException>(() => classifier.Predict(new PixelImage(3, 8, 8, new byte[192]))).Message, StringComparison.Ordinal);
        Assert.Contains("file fixes 64 x 64", Assert.Throws<DataException>(() => Open(ColourDetector.Create(1, (64, 64)), new() { ImageSize = 96 })).Message, StringComparison.Ordinal);
        Assert.Contains("is no multiple of the model's stride 32. Use 128.", Assert.Throws<DataException>(() => Open(ColourDetector.Create(), new() { ImageSize = 100 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionPredictorOptions { ImageSize = 31 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionPredictorOptions { Threads = -1 });
    }

    [Fact]
    public void A_size_that_no_memory_holds_is_refused_before_any_is_taken()
    {
        var metadata = new Dictionary<string, string>(ColourDetector.Metadata) { ["imgsz"] = "[65536, 65536]" };
        Assert.Contains("1 pictures of 65536 x 65536 at once", Assert.Throws<DataException>(() => Open(ColourDetector.Create(metadata: metadata))).Message, StringComparison.Ordinal);
        Assert.Contains("100000000 pictures of 64 x 64 at once", Assert.Throws<DataException>(() => Open(ColourDetector.Create(100_000_000, (64, 64)))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static void Found(DetectionPredictor predictor, ColourScenes scene, (int, int) input, (string Name, BoundingBox Box)[] expected)
    {
        var found = predictor.Predict(scene.Read(0));
        Assert.Equal(expected, found.Select(box => (predictor.NameOf(box.ClassIndex), box.Box)));
        Assert.All(found, box => Assert.InRange(box.Confidence, 0.95f, 1));
        Assert.Equal(input, predictor.InputOfLast);
        Assert.True(predictor.SpeedOfLast is { Preprocess: > 0, Inference: > 0, Postprocess: > 0 });
    }

    private DetectionPredictor Open(ModelGraph graph, DetectionPredictorOptions? options = null) =>
        new(_folder.Write($"{Guid.NewGuid()}.onnx", OnnxFile.Serialize(graph)), (options ?? new()) with { Threads = 1 });
}
