using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Runtime.Tests.Detection;

public sealed class DetectionEvaluatorTests
{
    private const double Perfect = 0.995;
    private static readonly (int Width, int Height) s_size = (128, 64);

    /// <summary>Three pictures: two boxes that are found, a red box labelled blue beside one that is found, and nothing.</summary>
    private static readonly ColourScenes s_scenes = new(
        (128, 64, [ColourScenes.Label(0, s_size, 0, 0, 32, 32), ColourScenes.Label(1, s_size, 64, 32, 96, 64)]),
        (128, 64, [ColourScenes.Label(2, s_size, 32, 0, 64, 32)]),
        (128, 64, []));

    public static TheoryData<string, string, int?, bool> Files => new()
    {
        { "free", "planes", null, false },
        { "place by place", "rows", null, false },
        { "suppressed inside", "finished", null, false },
        { "for one picture", "planes", 1, true },
        { "for two pictures", "rows", 2, false },
        { "for one picture, suppressed inside", "finished", 1, true },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_kind_of_file_finds_every_box(string kind, string form, int? batch, bool fixedSize)
    {
        Assert.NotEmpty(kind);
        using var session = Open(ColourDetector.Create(batch, fixedSize ? (64, 128) : null, form, ColourDetector.Metadata));
        foreach (int size in new[] { 1, 2, 3 })
        {
            Check(DetectionEvaluator.Evaluate(session, s_scenes, 3, s_scenes.Batches(size), cancellation: TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void A_file_of_halves_finds_every_box()
    {
        using var session = Open(new Float16Pass(new() { KeepInputsAndOutputs = false }).ApplyInPlace(ColourDetector.Create()).Graph);
        Check(DetectionEvaluator.Evaluate(session, s_scenes, 3, s_scenes.Batches(2), cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_miss_a_wrong_box_and_a_wrong_class_cost_what_they_must()
    {
        // One of two reds lies across four cells and is found nowhere; a green one is labelled blue.
        var wrong = new Relabelled(new((128, 64, [ColourScenes.Label(0, s_size, 0, 0, 32, 32), ColourScenes.Label(1, s_size, 64, 32, 96, 64)])), [ColourScenes.Label(0, s_size, 0, 0, 32, 32), ColourScenes.Label(0, s_size, 48, 16, 80, 48), ColourScenes.Label(2, s_size, 64, 32, 96, 64)]);
        using var session = Open(ColourDetector.Create());

        var score = DetectionEvaluator.Evaluate(session, wrong, 3, wrong.Scenes.Batches(1), cancellation: TestContext.Current.CancellationToken).Score;

        Assert.Equal([0, 2], score.Classes.Select(one => one.ClassIndex));
        Assert.Equal([0.75, 0], score.Classes.Select(one => one.Ap50), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal((1, 1, 1), (score.Confusion[0, 0], score.Confusion[1, 2], score.Confusion[3, 0]));
    }

    [Fact]
    public void Boxes_are_compared_in_the_pixels_of_the_picture()
    {
        // A picture of 128 x 64 lies in an input of 64 x 64: halved, 16 grey rows above it. A cell of 32 x 32 at (32, 0) there is (64, -32) to (128, 32) here, cut off at the top.
        var source = new ColourScenes((128, 64, [new(0, 0.75f, 0.25f, 0.5f, 0.5f)]));
        byte[] pixels = new byte[3 * 64 * 64];
        for (int y = 0; y < 32; y++)
        {
            pixels.AsSpan((y * 64) + 32, 32).Fill(255);
        }

        var batch = new DetectionBatch
        {
            Count = 1,
            Pixels = pixels,
            Size = (64, 64),
            Targets = ReadOnlyMemory<float>.Empty,
            Indices = new[] { 0 },
            Letterboxes = [new(128, 64, 64, 64, 64, 32, 0, 16)],
        };
        using var session = Open(ColourDetector.Create());
        var seen = new Seen();

        var score = DetectionEvaluator.Evaluate(session, source, 3, [batch], new() { Observer = seen }, cancellation: TestContext.Current.CancellationToken).Score;

        Assert.Equal(Perfect, score.Map, 1e-9);
        Assert.Equal([(0, new DetectedBox(new(64, 0, 128, 32), 1, 0))], seen.Pictures);
        Assert.Equal([new DetectedBox(new(32, 0, 64, 32), 1, 0)], seen.Batches.Single());
    }

    [Fact]
    public void Data_of_other_classes_is_refused_with_both_numbers()
    {
        using var named = Open(ColourDetector.Create(metadata: ColourDetector.Metadata));
        using var nameless = Open(ColourDetector.Create());

        Assert.StartsWith("The model tells 3 classes apart, but the data has 80.", Refused(named, 80), StringComparison.Ordinal);
        Assert.Contains("[N, 84, places]", Refused(nameless, 80), StringComparison.Ordinal);
    }

    [Fact]
    public void A_suppression_inside_that_finds_a_class_too_many_is_refused_with_the_picture()
    {
        using var session = Open(ColourDetector.Create(form: "finished"));
        Assert.StartsWith("The model found a box of class 1 in 'scene 0', but the data has 1 classes.", Refused(session, 1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_no_detector_is_refused()
    {
        using var classifier = ModelSession.Open(OnnxFile.Serialize(SmallModel.ResNet()), new() { Threads = 1 });
        using var grey = SmallModel.Session();

        // 8 x 8 pictures for the one, no colour for the other.
        var small = new ColourScenes((8, 8, []));
        string message = Assert.Throws<DataException>(() => DetectionEvaluator.Evaluate(classifier, small, 10, small.Batches(1), cancellation: TestContext.Current.CancellationToken)).Message;
        Assert.StartsWith("The model's output is [1, 10], which is no YOLO detector's", message, StringComparison.Ordinal);
        Assert.Contains("a detector takes [N, 3, H, W]", Refused(grey, 3), StringComparison.Ordinal);
    }

    [Fact]
    public void No_pictures_and_augmented_pictures_are_refused()
    {
        using var session = Open(ColourDetector.Create());
        Assert.Contains("None of the 3 pictures could be read", Assert.Throws<DataException>(() => DetectionEvaluator.Evaluate(session, s_scenes, 3, [], cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        var augmented = new DetectionBatch { Count = 1, Pixels = new byte[3 * 32 * 32], Size = (32, 32), Targets = ReadOnlyMemory<float>.Empty, Indices = new[] { 0 } };
        Assert.Contains("augmented pictures cannot be scored", Assert.Throws<ArgumentException>(() => DetectionEvaluator.Evaluate(session, s_scenes, 3, [augmented], cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_is_told_and_a_stop_is_heeded()
    {
        using var session = Open(ColourDetector.Create());
        using var stop = new CancellationTokenSource();
        var told = new Told(stop);
        Assert.Throws<OperationCanceledException>(() => DetectionEvaluator.Evaluate(session, s_scenes, 3, s_scenes.Batches(2), progress: told, cancellation: stop.Token));
        Assert.Equal([2], told.Numbers);
    }

    private static void Check(DetectionEvaluation evaluation)
    {
        var score = evaluation.Score;
        Assert.Equal((3, 3, 0), (score.Images, score.Instances, score.Unusable));
        Assert.Equal([Perfect, Perfect, 1, 1], [score.Map50, score.Map, score.Precision, score.Recall], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.True(evaluation.Speed is { Preprocess: > 0, Inference: > 0, Postprocess: > 0 });
        Assert.Equal(evaluation.Speed.Total, evaluation.Speed.Preprocess + evaluation.Speed.Inference + evaluation.Speed.Postprocess);
    }

    private static ModelSession Open(ModelGraph graph) => ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });

    private static string Refused(ModelSession session, int classes) =>
        Assert.Throws<DataException>(() => DetectionEvaluator.Evaluate(session, s_scenes, classes, s_scenes.Batches(1), cancellation: TestContext.Current.CancellationToken)).Message;

    private sealed class Relabelled(ColourScenes scenes, BoxLabel[] labels) : IDetectionSource
    {
        public ColourScenes Scenes => scenes;

        public int Count => 1;

        public string Describe(int index) => scenes.Describe(index);

        public (int Width, int Height) SizeOf(int index) => scenes.SizeOf(index);

        public IReadOnlyList<BoxLabel> LabelsOf(int index) => labels;

        public DistillSharp.Tasks.Images.PixelImage Read(int index) => scenes.Read(index);
    }

    private sealed class Seen : DetectionObserver
    {
        public List<(int, DetectedBox)> Pictures { get; } = [];

        public List<DetectedBox[]> Batches { get; } = [];

        public override void OnPicture(int index, IReadOnlyList<DetectedBox> found) => Pictures.AddRange(found.Select(box => (index, box)));

        public override void OnBatch(DetectionBatch batch, IReadOnlyList<IReadOnlyList<DetectedBox>> found) => Batches.AddRange(found.Select(boxes => boxes.ToArray()));
    }

    private sealed class Told(CancellationTokenSource stop) : IProgress<int>
    {
        public List<int> Numbers { get; } = [];

        public void Report(int value)
        {
            Numbers.Add(value);
            stop.Cancel();
        }
    }
}
