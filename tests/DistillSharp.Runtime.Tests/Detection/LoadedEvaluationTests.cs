using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Runtime.Tests.Detection;

/// <summary>Pictures of several shapes, loaded as each file wants them: every box is a cell wherever the letterbox puts it.</summary>
public sealed class LoadedEvaluationTests
{
    /// <summary>Pictures of 128 x 64 (a label fills the left half), 64 x 128 (the lower half) and 128 x 128 (a quarter).</summary>
    private static readonly ColourScenes s_scenes = new(
        (128, 64, [new(0, 0.25f, 0.5f, 0.5f, 1)]),
        (64, 128, [new(1, 0.5f, 0.75f, 1, 0.5f)]),
        (128, 128, [new(2, 0.25f, 0.75f, 0.5f, 0.5f)]));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public void A_file_for_any_size_is_given_rectangles(int batch)
    {
        // Scaled to 64 pixels, each label is one cell where its picture has a rectangle of its own; in a larger one it may lie across cells.
        var seen = new Sizes();
        var score = Evaluate(ColourDetector.Create(), new() { Observer = seen }, batch);

        Assert.Equal(3, score.Images);
        Assert.True(batch > 1 || Math.Abs(score.Map - 0.995) < 1e-6);
        Assert.Equal(batch == 1 ? [(32, 64), (64, 64), (64, 32)] : batch == 2 ? [(64, 64), (64, 32)] : [(64, 64)], seen.All);
    }

    [Fact]
    public void Squares_are_given_where_they_are_wanted()
    {
        var seen = new Sizes();
        Evaluate(ColourDetector.Create(), new() { Observer = seen, Rectangular = false }, 2);
        Assert.Equal([(64, 64), (64, 64)], seen.All);
    }

    [Theory]
    [InlineData("planes")]
    [InlineData("finished")]
    public void A_file_that_fixes_its_size_is_given_that(string form)
    {
        var seen = new Sizes();
        var score = Evaluate(ColourDetector.Create(1, (128, 128), form), new() { Observer = seen }, 16);

        // Four cells for each label: found, but none of them overlaps the whole by half.
        Assert.Equal([(128, 128), (128, 128), (128, 128)], seen.All);
        Assert.Equal((3, 0.0), (score.Images, score.Map50));
    }

    [Fact]
    public void A_file_that_fixes_what_is_no_square_is_given_that()
    {
        var seen = new Sizes();
        Evaluate(ColourDetector.Create(1, (32, 64)), new() { Observer = seen }, 16);
        Assert.Equal([(32, 64), (32, 64), (32, 64)], seen.All);
    }

    [Fact]
    public void An_image_size_that_is_no_multiple_of_the_stride_is_refused_with_one_that_is()
    {
        var metadata = new Dictionary<string, string>(ColourDetector.Metadata) { ["stride"] = "64" };
        using var session = ModelSession.Open(OnnxFile.Serialize(ColourDetector.Create(metadata: metadata)));
        string message = Assert.Throws<DataException>(() => DetectionEvaluator.Evaluate(session, s_scenes, 3, new DistillSharp.Tasks.Detection.Data.DetectionLoaderOptions { ImageSize = 96 }, cancellation: TestContext.Current.CancellationToken)).Message;
        Assert.Contains("96 x 96 is no multiple of the model's stride 64. Use 128.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(32, 64)]
    public void Pictures_that_cannot_be_read_are_skipped_where_that_is_wanted_and_named(int height, int width)
    {
        using var session = ModelSession.Open(OnnxFile.Serialize(ColourDetector.Create(1, (height, width))));
        var broken = new Broken(s_scenes);
        var evaluation = DetectionEvaluator.Evaluate(session, broken, 3, new DistillSharp.Tasks.Detection.Data.DetectionLoaderOptions { ImageSize = 64, SkipBad = true }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(2, evaluation.Score.Images);
        Assert.Equal(["scene 1 is broken"], evaluation.BadPictures);
        Assert.Throws<DataException>(() => DetectionEvaluator.Evaluate(session, broken, 3, new DistillSharp.Tasks.Detection.Data.DetectionLoaderOptions { ImageSize = 64 }, cancellation: TestContext.Current.CancellationToken));
    }

    private static DistillSharp.Tasks.Detection.Metrics.DetectionScore Evaluate(ModelGraph graph, DetectionEvaluationOptions options, int batch)
    {
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });
        return DetectionEvaluator.Evaluate(session, s_scenes, 3, new DistillSharp.Tasks.Detection.Data.DetectionLoaderOptions { ImageSize = 64, BatchSize = batch, Pad = 0, Shuffle = true, Augmentation = new() }, options, cancellation: TestContext.Current.CancellationToken).Score;
    }

    private sealed class Sizes : DetectionObserver
    {
        public List<(int Height, int Width)> All { get; } = [];

        public override void OnBatch(DetectionBatch batch, IReadOnlyList<IReadOnlyList<DetectedBox>> found) => All.Add(batch.Size);
    }

    private sealed class Broken(ColourScenes scenes) : IDetectionSource
    {
        public int Count => scenes.Count;

        public string Describe(int index) => scenes.Describe(index);

        public (int Width, int Height) SizeOf(int index) => scenes.SizeOf(index);

        public IReadOnlyList<BoxLabel> LabelsOf(int index) => scenes.LabelsOf(index);

        public DistillSharp.Tasks.Images.PixelImage Read(int index) => index == 1 ? throw new DataException("scene 1 is broken") : scenes.Read(index);
    }
}
