using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Runtime.Tests.Detection;

public sealed class BoxDetectorEvaluationTests
{
    private static readonly string[] s_data = ["Red", "green", "blue"];

    /// <summary>Quarters of pictures that are halved: a cell each. Two of red, one of green.</summary>
    private static readonly ColourScenes s_scenes = new(
        (128, 128, [new(0, 0.25f, 0.75f, 0.5f, 0.5f)]),
        (128, 128, [new(0, 0.75f, 0.25f, 0.5f, 0.5f)]),
        (128, 128, [new(1, 0.75f, 0.75f, 0.5f, 0.5f)]));

    [Theory]
    [InlineData("labelled", "xyxy", false, 1)]
    [InlineData("labelled", "cxcywh", true, 1)]
    [InlineData("scored", "cxcywh", true, 0)]
    public void A_detector_with_classes_of_its_own_finds_every_box_of_the_data(string layout, string format, bool share, int first)
    {
        string[] names = first == 1 ? ["background", "red", "green", "blue"] : ["red", "green", "blue"];
        using var detector = Open(new() { Layout = layout, Format = format, Share = share, FirstLabel = first }, names);

        var evaluation = BoxDetectorEvaluation.Evaluate(detector, ClassMapping.Of(s_data, names), s_scenes, new() { ImageSize = 64, BatchSize = 2, Shuffle = true, Augmentation = new() }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal((3, 3), (evaluation.Score.Images, evaluation.Score.Instances));
        Assert.Equal(0.995, evaluation.Score.Map, 1e-6);
        Assert.True(evaluation.Speed is { Preprocess: > 0, Inference: > 0, Postprocess: > 0 });
    }

    [Fact]
    public void A_file_of_another_size_scores_the_same()
    {
        using var detector = Open(new() { Size = (64, 64), Batch = 1 }, ["red", "green", "blue"]);
        var evaluation = BoxDetectorEvaluation.Evaluate(detector, ClassMapping.Of(s_data, detector.ClassNames!), s_scenes, new() { ImageSize = 96, BatchSize = 3 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(0.995, evaluation.Score.Map, 1e-6);
    }

    [Fact]
    public void A_class_that_the_detector_does_not_know_scores_nothing_and_others_are_left_out()
    {
        // Its green is unknown to the data, whose green it does not know.
        string[] names = ["red", "grass", "blue"];
        using var detector = Open(new(), names);
        var evaluation = BoxDetectorEvaluation.Evaluate(detector, ClassMapping.Of(s_data, names, allowUnmapped: true), s_scenes, new() { ImageSize = 64 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([0.995, 0], evaluation.Score.Classes.Select(one => one.Ap50), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(0, evaluation.Score.Confusion[1, 3] + evaluation.Score.Confusion[1, 0]);
    }

    [Fact]
    public void A_mapping_of_other_names_is_refused()
    {
        using var detector = Open(new(), ["red", "green", "blue"]);
        string message = Assert.Throws<DataException>(() => BoxDetectorEvaluation.Evaluate(detector, ClassMapping.Of(s_data, ["red", "green", "blue", "white"]), s_scenes, new(), cancellation: TestContext.Current.CancellationToken)).Message;
        Assert.StartsWith("The detector names 3 classes, but the mapping was made for 4.", message, StringComparison.Ordinal);
    }

    private static BoxDetector Open(ForeignDetector file, string[] names) => new(ModelSession.Open(OnnxFile.Serialize(file.Create()), new() { Threads = 1 }), new() { ClassNames = names });
}
