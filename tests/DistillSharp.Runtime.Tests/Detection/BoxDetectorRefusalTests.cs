using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Runtime.Tests.Detection;

/// <summary>What cannot be understood is refused with all there is, what was looked for and what to do.</summary>
public sealed class BoxDetectorRefusalTests
{
    private static readonly string[] s_names = ["red", "green", "blue"];

    [Fact]
    public void A_classifier_is_a_teacher_without_boxes()
    {
        string message = Refused(SmallModel.ResNet(), new(), 8);
        Assert.StartsWith("No output holds boxes: a teacher without boxes", message, StringComparison.Ordinal);
        Assert.Contains("'logits' [1, 10] of Float", message, StringComparison.Ordinal);
        Assert.Contains("boxes [N, places, 4]", message, StringComparison.Ordinal);
        Assert.Contains("options Boxes, Scores and Labels", message, StringComparison.Ordinal);

        // Four numbers of one picture are four classes' scores.
        var four = new Sketch().Input("images", Dimension.Named("batch"), 3, 8, 8).Node("GlobalAveragePool", "images", "means").Weight("w", 4, 3, 1, 1).Node("Conv", "means,w", "maps").Node("Flatten", "maps", "logits").Output("logits", Dimension.Named("batch"), 4).Graph;
        Assert.StartsWith("No output holds boxes", Refused(four, new(), 8), StringComparison.Ordinal);

        foreach (var (key, value) in new ModelCard("classification", ["a", "b"], new(3, 8, 8, [0, 0, 0], [1, 1, 1])).ToMetadata())
        {
            four.Metadata[key] = value;
        }

        Assert.Contains("'classification': a teacher without boxes", Assert.Throws<DataException>(() => Open(four, new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Boxes_that_could_be_two_outputs_are_settled_by_name_or_by_an_option()
    {
        var twice = Renamed("coordinates");
        twice.Nodes.Add(new("Identity", ["coordinates"], ["other"], "again"));
        twice.Outputs.Add(new("other", ElementType.Float32, null));
        Assert.Equal("boxes 'coordinates' as xyxy pixels, scores 'scores' as probabilities", Told(twice, new()));
        Assert.Equal("boxes 'other' as xyxy pixels, scores 'scores' as probabilities", Told(twice, new() { Boxes = "other" }));

        var nameless = Renamed("first");
        nameless.Nodes.Add(new("Identity", ["first"], ["other"], "again"));
        nameless.Outputs.Add(new("other", ElementType.Float32, null));
        string message = Refused(nameless, new(), 64);
        Assert.StartsWith("2 outputs could be the boxes: 'first', 'other'.", message, StringComparison.Ordinal);
        Assert.Contains("'scores' [1, 4, 3] of Float", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_and_labels_that_nothing_tells_apart_are_asked_for()
    {
        // Pure colours alone: 0 and 1 as scores, 0 to 2 as labels, both floats, both without a name.
        var file = new ForeignDetector { Layout = "labelled", LabelType = ElementType.Float32, Renamed = new Dictionary<string, string> { ["scores"] = "b", ["labels"] = "c" } };
        Assert.StartsWith("The boxes 'boxes' were found, but which outputs hold one score and one label for each of them could not be told.", Refused(file.Create(), new(), 64), StringComparison.Ordinal);
        Assert.EndsWith("scores 'b' as probabilities, labels 'c'", Told(file.Create(), new() { Labels = "c" }), StringComparison.Ordinal);

        // One name is enough, and so are scores that are no whole numbers.
        Assert.EndsWith("scores 'conf' as probabilities, labels 'c'", Told((file with { Renamed = new Dictionary<string, string> { ["scores"] = "conf", ["labels"] = "c" } }).Create(), new()), StringComparison.Ordinal);
        Assert.EndsWith("scores 'b' by sigmoid, labels 'c'", Told((file with { Kind = "sigmoid", Batch = 1 }).Create(), new() { Labels = "c" }), StringComparison.Ordinal);
        using var half = Open(file.Create(), new());
        half.Settle(Half(), 1, (64, 64));
        Assert.EndsWith("scores 'b' as probabilities, labels 'c'", half.Told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_of_the_places_own_is_not_lost()
    {
        var file = new ForeignDetector { Across = ["boxes", "scores"] }.Create();
        file.Nodes.Add(new("ReduceMax", ["scores"], ["own"], "own") { Attributes = { ["axes"] = new IntsValue([1]) } });
        file.Outputs.Add(new("own", ElementType.Float32, null));

        Assert.StartsWith("The boxes 'boxes' and the scores 'scores' were found, but 'own' could be scores too.", Refused(file, new(), 96), StringComparison.Ordinal);
    }

    [Fact]
    public void Boxes_without_scores_are_no_answer()
    {
        var file = new ForeignDetector().Create();
        file.Outputs.Remove(file.Outputs.Single(output => output.Name == "scores"));
        file.Outputs.Add(new("pure_scores", ElementType.Float32, null));
        Assert.StartsWith("The boxes 'boxes' were found, but no single output that holds the scores of each class (3 by name) for each of them.", Refused(file, new(), 64), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scored", "The scores 'scores' tell 3 classes apart, but 5 are named.")]
    [InlineData("rows", "expected. Export a detection model.")]
    public void Names_that_do_not_fit_the_scores_are_refused_with_both_numbers(string layout, string part) =>
        Assert.Contains(part, Refused(new ForeignDetector { Layout = layout, Format = "cxcywh" }.Create(), new() { ClassNames = ["a", "b", "c", "d", "e"] }, 64), StringComparison.Ordinal);

    [Fact]
    public void A_background_is_asked_for_by_name()
    {
        var file = new ForeignDetector { Kind = "background" }.Create();
        Assert.Contains("could be a background at either end. Name it among the class names", Refused(file, new(), 64), StringComparison.Ordinal);
        using var named = Open(file, new() { ClassNames = ["background", .. s_names] });
        List<List<DetectedBox>> found = [];
        named.Detect(Red(), 1, (64, 64), found);
        Assert.Equal([new BoundingBox(0, 0, 32, 32)], found[0].Where(box => box.ClassIndex == 1).Select(box => box.Box));
    }

    [Fact]
    public void A_class_beyond_the_names_is_refused()
    {
        using var detector = Open(new ForeignDetector { Layout = "labelled", FirstLabel = 3 }.Create(), new());
        Assert.StartsWith("The model found a box of class 3, but 3 classes, numbered from 0, are named.", Assert.Throws<DataException>(() => detector.Detect(Red(), 1, (64, 64), new List<List<DetectedBox>>())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_do_not_fit_the_file_are_refused()
    {
        Assert.StartsWith("The option Scores names the output 'score'", Refused(new ForeignDetector().Create(), new() { Scores = "score" }, 64), StringComparison.Ordinal);
        Assert.StartsWith("The option Boxes names 'scores', which does not hold four numbers", Refused(new ForeignDetector { Layout = "labelled" }.Create(), new() { Boxes = "scores" }, 96), StringComparison.Ordinal);
        Assert.Contains("the model's file fixes 2", Assert.Throws<DataException>(() => Open(new ForeignDetector { Batch = 2 }.Create(), new() { BatchSize = 3 })).Message, StringComparison.Ordinal);
        Assert.Contains("file fixes 64 x 64", Refused(new ForeignDetector { Size = (64, 64) }.Create(), new() { ImageSize = 96 }, 64), StringComparison.Ordinal);
        Assert.Contains("the model's card names 3", Assert.Throws<DataException>(() => Open(ColourDetector.Create(metadata: ColourDetector.Metadata), new() { ClassNames = ["red"] })).Message, StringComparison.Ordinal);

        var more = new ForeignDetector().Create();
        more.Inputs.Add(new("scale_factor", ElementType.Float32, [1, 2]));
        more.Nodes.Add(new("Identity", ["scale_factor"], ["told"], "use"));
        more.Outputs.Add(new("told", ElementType.Float32, null));
        Assert.StartsWith("The model also takes 'scale_factor' [1, 2]; beside pictures, only their size", Assert.Throws<DataException>(() => Open(more, new())).Message, StringComparison.Ordinal);
        Assert.Contains("pictures of 65536 x 65536 at once", Refused(new ForeignDetector { Size = (65536, 65536) }.Create(), new(), 64), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_mean_nothing_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new BoxDetectorOptions { ClassNames = ["a", " "] });
        Assert.Throws<ArgumentException>(() => new BoxDetectorOptions { Boxes = "" });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxDetectorOptions { BoxFormat = (BoxFormat)9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxDetectorOptions { BoxUnit = (BoxUnit)9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxDetectorOptions { ScoreKind = (ScoreKind)9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxDetectorOptions { ImageSize = 31 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxDetectorOptions { BatchSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxDetectorOptions { Mean = [1] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxDetectorOptions { Std = [1, 1, 0] });
        Assert.Throws<ArgumentNullException>(() => new BoxDetectorOptions { Suppression = null! });
    }

    private static ModelGraph Renamed(string boxes) => new ForeignDetector { Renamed = new Dictionary<string, string> { ["boxes"] = boxes } }.Create();

    private static BoxDetector Open(ModelGraph graph, BoxDetectorOptions options) =>
        new(ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 }), options.ClassNames.Count > 0 || graph.Metadata.Count > 0 ? options : options with { ClassNames = s_names });

    /// <summary>64 x 64 pixels, the upper left cell red.</summary>
    private static byte[] Red() => new ColourScenes((64, 64, [ColourScenes.Label(0, (64, 64), 0, 0, 32, 32)])).Read(0).Pixels;

    /// <summary>64 x 64 pixels, half of the upper left cell red.</summary>
    private static byte[] Half() => new ColourScenes((64, 64, [ColourScenes.Label(0, (64, 64), 0, 0, 32, 16)])).Read(0).Pixels;

    private static string Told(ModelGraph graph, BoxDetectorOptions options)
    {
        using var detector = Open(graph, options);
        detector.Settle(Red(), 1, (64, 64));
        return detector.Told;
    }

    private static string Refused(ModelGraph graph, BoxDetectorOptions options, int side)
    {
        using var detector = Open(graph, options);
        return Assert.Throws<DataException>(() => detector.Settle(new byte[3 * side * side], 1, (side, side))).Message;
    }
}
