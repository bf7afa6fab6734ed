using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Runtime.Tests.Detection;

/// <summary>The same boxes through every layout that exporters choose: what is found is what was drawn.</summary>
public sealed class BoxDetectorTests
{
    private static readonly (int Height, int Width) s_size = (64, 128);
    private static readonly string[] s_names = ["red", "green", "blue"];

    /// <summary>Two boxes, none, and one.</summary>
    private static readonly ColourScenes s_scenes = new(
        (128, 64, [ColourScenes.Label(0, (128, 64), 0, 0, 32, 32), ColourScenes.Label(1, (128, 64), 64, 32, 96, 64)]),
        (128, 64, []),
        (128, 64, [ColourScenes.Label(2, (128, 64), 96, 0, 128, 32)]));

    private static readonly (int, BoundingBox)[][] s_expected = [[(0, new(0, 0, 32, 32)), (1, new(64, 32, 96, 64))], [], [(2, new(96, 0, 128, 32))]];

    public static TheoryData<string> Variants => [.. All.Keys];

    private static Dictionary<string, (ForeignDetector File, BoxDetectorOptions Options, string Told)> All { get; } = new()
    {
        ["planes"] = (new() { Layout = "planes", Format = "cxcywh" }, new(), "boxes 'output0' as cxcywh pixels, scores 'output0' as probabilities"),
        ["rows of shares"] = (new() { Layout = "rows", Format = "cxcywh", Share = true }, new(), "boxes 'output0' as cxcywh shares, scores 'output0' as probabilities"),
        ["rows of logits"] = (new() { Layout = "rows", Format = "cxcywh", Kind = "sigmoid" }, new(), "boxes 'output0' as cxcywh pixels, scores 'output0' by sigmoid"),
        ["rows of corners"] = (new() { Layout = "rows" }, new() { BoxFormat = BoxFormat.Xyxy }, "boxes 'output0' as xyxy pixels, scores 'output0' as probabilities"),
        ["rows with objectness"] = (new() { Layout = "objectness", Format = "cxcywh" }, new(), "boxes 'output0' as cxcywh pixels, scores 'output0' as probabilities times their objectness"),
        ["finished"] = (new() { Layout = "finished" }, new(), "boxes 'output0' as xyxy pixels, scores 'output0' as probabilities, labels 'output0'"),
        ["finished shares"] = (new() { Layout = "finished", Share = true }, new(), "boxes 'output0' as xyxy shares, scores 'output0' as probabilities, labels 'output0'"),
        ["scored corners"] = (new(), new(), "boxes 'boxes' as xyxy pixels, scores 'scores' as probabilities"),
        ["scored corners of shares"] = (new() { Share = true }, new(), "boxes 'boxes' as xyxy shares, scores 'scores' as probabilities"),
        ["scored centres"] = (new() { Format = "cxcywh" }, new(), "boxes 'boxes' as cxcywh pixels, scores 'scores' as probabilities"),
        ["scored extents"] = (new() { Format = "xywh" }, new() { BoxFormat = BoxFormat.Xywh }, "boxes 'boxes' as xywh pixels, scores 'scores' as probabilities"),
        ["scored, the places last"] = (new() { Across = ["boxes", "scores"], Format = "cxcywh" }, new(), "boxes 'boxes' as cxcywh pixels, scores 'scores' as probabilities"),
        ["the boxes' places last"] = (new() { Across = ["boxes"], Share = true }, new(), "boxes 'boxes' as xyxy shares, scores 'scores' as probabilities"),
        ["the boxes' places last, four scores"] = (new() { Across = ["boxes"], Kind = "softmax" }, new(), "boxes 'boxes' as xyxy pixels, scores 'scores' by softmax with no object last"),
        ["the scores' places last"] = (new() { Across = ["scores"], Kind = "softmax" }, new(), "boxes 'boxes' as xyxy pixels, scores 'scores' by softmax with no object last"),
        ["labelled, the boxes' places last"] = (new() { Across = ["boxes"], Layout = "labelled" }, new(), "boxes 'boxes' as xyxy pixels, scores 'scores' as probabilities, labels 'labels'"),
        ["places last, named by options"] = (
            new() { Across = ["boxes", "scores"], Renamed = Names(("boxes", "a"), ("scores", "b")) }, new() { Boxes = "a", Scores = "b" }, "boxes 'a' as xyxy pixels, scores 'b' as probabilities"),
        ["for one picture"] = (new() { Batch = 1 }, new(), "boxes 'boxes' as xyxy pixels, scores 'scores' as probabilities"),
        ["for two pictures"] = (new() { Batch = 2, Format = "cxcywh", Share = true }, new(), "boxes 'boxes' as cxcywh shares, scores 'scores' as probabilities"),
        ["one by one"] = (new(), new() { BatchSize = 1 }, "boxes 'boxes' as xyxy pixels, scores 'scores' as probabilities"),
        ["RT-DETR"] = (new() { Format = "cxcywh", Share = true, Kind = "sigmoid", Renamed = Names(("boxes", "pred_boxes"), ("scores", "logits")) }, new(), "boxes 'pred_boxes' as cxcywh shares, scores 'logits' by sigmoid"),
        ["DETR"] = (new() { Format = "cxcywh", Share = true, Kind = "softmax", Renamed = Names(("boxes", "pred_boxes"), ("scores", "logits")) }, new(), "boxes 'pred_boxes' as cxcywh shares, scores 'logits' by softmax with no object last"),
        ["RT-DETR's own exporter"] = (new() { Layout = "labelled", AsksForSize = true }, new(), "boxes 'boxes' as xyxy pixels, scores 'scores' as probabilities, labels 'labels'"),
        ["labelled"] = (new() { Layout = "labelled" }, new(), "boxes 'boxes' as xyxy pixels, scores 'scores' as probabilities, labels 'labels'"),
        ["labelled centres"] = (new() { Layout = "labelled", Format = "cxcywh", Share = true, LabelType = ElementType.Int32 }, new(), "boxes 'boxes' as cxcywh shares, scores 'scores' as probabilities, labels 'labels'"),
        ["labels of floats"] = (new() { Layout = "labelled", LabelType = ElementType.Float32 }, new(), "boxes 'boxes' as xyxy pixels, scores 'scores' as probabilities, labels 'labels'"),
        ["nameless"] = (new() { Layout = "labelled", Renamed = Names(("boxes", "2770"), ("scores", "2789"), ("labels", "2788")) }, new(), "boxes '2770' as xyxy pixels, scores '2789' as probabilities, labels '2788'"),
        ["named by options"] = (
            new() { Layout = "labelled", LabelType = ElementType.Float32, Renamed = Names(("boxes", "a"), ("scores", "b"), ("labels", "c")) }, new() { Boxes = "a", Scores = "b", Labels = "c" },
            "boxes 'a' as xyxy pixels, scores 'b' as probabilities, labels 'c'"),
        ["torchvision"] = (new() { Layout = "labelled", Unbatched = true }, new(), "boxes 'boxes' as xyxy pixels, scores 'scores' as probabilities, labels 'labels'"),
        ["of numbers to 255"] = (new() { Bytes = true }, new() { Std = [0.0039216f, 0.0039216f, 0.0039216f] }, "boxes 'boxes' as xyxy pixels, scores 'scores' as probabilities"),
        ["of bytes"] = (new() { Bytes = true, InputType = ElementType.UInt8 }, new(), "boxes 'boxes' as xyxy pixels, scores 'scores' as probabilities"),
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_boxes_are_those_that_were_drawn_whatever_the_layout(string variant)
    {
        var (file, options, told) = All[variant];
        using var detector = Open(file.Create(), options);
        Assert.False(detector.IsSettled);

        for (int round = 0; round < 2; round++)
        {
            Check(s_expected, Detect(detector, s_scenes));
            Assert.Equal(told, detector.Told);
        }
    }

    [Fact]
    public void What_an_answer_was_made_from_may_lie_beside_it()
    {
        // One output with all, and beside it the boxes and scores that it was joined from.
        var file = new ForeignDetector { Across = ["boxes", "scores"], Format = "cxcywh" }.Create();
        file.Nodes.Add(new("Concat", ["boxes", "scores"], ["all"], "join") { Attributes = { ["axis"] = new IntValue(1) } });
        file.Outputs.Add(new("all", ElementType.Float32, null));
        using var detector = Open(file);

        Check(s_expected, Detect(detector, s_scenes));
        Assert.Equal("boxes 'all' as cxcywh pixels, scores 'all' as probabilities", detector.Told);
    }

    [Fact]
    public void Features_of_the_same_places_are_no_scores()
    {
        foreach (string[] across in new[] { new[] { "boxes", "scores" }, ["boxes"], [] })
        {
            var file = new ForeignDetector { Across = across }.Create();
            file.Nodes.Add(new("Concat", ["score_planes", "score_planes"], ["features"], "join") { Attributes = { ["axis"] = new IntValue(1) } });
            file.Outputs.Insert(0, new("features", ElementType.Float32, null));
            using var detector = Open(file);

            Check(s_expected, Detect(detector, s_scenes));
        }
    }

    [Fact]
    public void Halves_are_run_too()
    {
        using var detector = Open(new Float16Pass(new() { KeepInputsAndOutputs = false }).ApplyInPlace(ColourDetector.Create()).Graph);
        Check(s_expected, Detect(detector, s_scenes));
    }

    [Fact]
    public void A_file_of_another_size_sees_the_picture_fitted_and_its_boxes_come_back()
    {
        // Halved: a cell of 32 pixels is one of 64 here. The left half is one of 2 x 1 cells.
        var left = new ColourScenes((128, 64, [new(0, 0.25f, 0.5f, 0.5f, 1)]));
        foreach (var file in new ForeignDetector[] { new() { Size = (32, 64) }, new() { Size = (32, 64), Share = true, Format = "cxcywh", Batch = 2 } })
        {
            using var halved = Open(file.Create());
            Check([[(0, new(0, 0, 64, 64))]], Detect(halved, left));
        }

        // In a square, half of either left cell is border: they are (0, -32, 64, 32) and (0, 32, 64, 96), cut off at the picture's edges.
        using var square = Open(new ForeignDetector { Size = (64, 64), Layout = "labelled" }.Create());
        using var asked = Open(new ForeignDetector().Create(), new() { ImageSize = 64 });
        foreach (var detector in new[] { square, asked })
        {
            Check([[(0, new(0, 0, 64, 32)), (0, new(0, 32, 64, 64))]], [[.. Detect(detector, left).Single().OrderBy(box => box.Box.Top)]], sure: false);
        }
    }

    [Fact]
    public void A_count_tells_how_many_places_are_filled()
    {
        // The upper half of the cells: the green box below is beyond it.
        using var detector = Open(new ForeignDetector { Layout = "labelled", Counted = true }.Create());
        Check([[(0, new(0, 0, 32, 32))], [], [(2, new(96, 0, 128, 32))]], Detect(detector, s_scenes));
        Assert.EndsWith(", counts 'num_dets'", detector.Told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_of_the_place_counts()
    {
        // 1 for each place and one half for its class.
        using var detector = Open(new ForeignDetector { Layout = "objectness", Format = "cxcywh" }.Create());
        Assert.All(Detect(detector, s_scenes).SelectMany(boxes => boxes), box => Assert.Equal(0.5f, box.Confidence));
    }

    [Fact]
    public void Logits_are_what_their_functions_say()
    {
        // sigmoid(6); and e^12 / (e^12 + 1 + 1 + e^6), "no object" being 6.
        foreach (var (kind, expected) in new[] { ("sigmoid", 1 / (1 + Math.Exp(-6))), ("softmax", Math.Exp(12) / (Math.Exp(12) + 2 + Math.Exp(6))) })
        {
            using var detector = Open(new ForeignDetector { Kind = kind }.Create());
            Assert.All(Detect(detector, s_scenes).SelectMany(boxes => boxes), box => Assert.Equal(expected, box.Confidence, 1e-5));
        }
    }

    [Fact]
    public void What_is_settled_stays_and_several_samples_count()
    {
        // Large boxes first: read as corners, a centre of (16, 16) with an extent of 32 is a box too; the second sample shows that it is none.
        var first = new ColourScenes((32, 32, [new(0, 0.5f, 0.5f, 1, 1)]));
        using var detector = Open(new ForeignDetector { Format = "cxcywh" }.Create());
        detector.Settle(first.Read(0).Pixels, 1, (32, 32));
        Assert.Contains("xyxy", detector.Told, StringComparison.Ordinal);
        detector.Settle(s_scenes.Read(0).Pixels, 1, s_size);
        Assert.Contains("cxcywh", detector.Told, StringComparison.Ordinal);

        Check([[(0, new(0, 0, 32, 32))]], Detect(detector, first));

        Assert.Contains("Boxes were detected already", Assert.Throws<InvalidOperationException>(() => detector.Settle(first.Read(0).Pixels, 1, (32, 32))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_found_settles_nothing()
    {
        using var detector = Open(new ForeignDetector { Layout = "labelled", Unbatched = true, Share = true }.Create());
        var nothing = new ColourScenes((128, 64, []));
        Check([[]], Detect(detector, nothing));
        Assert.False(detector.IsSettled);
        Assert.Contains("no box has been seen", detector.Told, StringComparison.Ordinal);

        Check(s_expected, Detect(detector, s_scenes));
        Assert.True(detector.IsSettled);
        Check([[]], Detect(detector, nothing));
    }

    [Fact]
    public void Numbers_that_are_none_are_nothing_found()
    {
        float nan = float.NaN, infinite = float.PositiveInfinity;
        float[] boxes = [0, 0, 32, 32, nan, 0, 9, 9, 0, 0, infinite, 9, 40, 40, 30, 50, 0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9, 100, 50, 300, 90, 200, 0, 210, 9];
        var sketch = new Sketch().Input("images", 1, 3, 64, 128).Floats("b", [1, 10, 4], boxes).Floats("s", [1, 10], 0.9f, 0.9f, 0.9f, 0.9f, 0.9f, 0.9f, nan, 0, 0.8f, 0.9f).Floats("l", [1, 10], 0, 0, 0, 0, -1, 3e9f, 0, 0, 2, 0)
            .Node("Identity", "b", "boxes").Node("Identity", "s", "scores").Node("Identity", "l", "labels").Output("boxes", 1, 10, 4).Output("scores", 1, 10).Output("labels", 1, 10);
        using var detector = Open(sketch.Graph, new() { BoxFormat = BoxFormat.Xyxy });

        // The first stays, the ninth is cut off at the edges, the last lies outside.
        Check([[(0, new(0, 0, 32, 32)), (2, new(100, 50, 128, 64))]], Detect(detector, new((128, 64, []))));
        Assert.Equal("boxes 'boxes' as xyxy pixels, scores 'scores' as probabilities, labels 'labels'", detector.Told);
    }

    [Fact]
    public void Boxes_that_overlap_are_suppressed_unless_they_were_chosen_inside()
    {
        // Two of one class that overlap by 9 / 11.
        float[] boxes = [0, 0, 10, 10, 1, 0, 11, 10], rows = [0, 0, 10, 10, 0.9f, 0, 1, 0, 11, 10, 0.8f, 0];
        var apart = new Sketch().Input("images", 1, 3, 64, 128).Floats("b", [1, 2, 4], boxes).Floats("s", [1, 2, 3], 0.9f, 0, 0, 0.8f, 0, 0).Node("Identity", "b", "boxes").Node("Identity", "s", "scores").Output("boxes", 1, 2, 4).Output("scores", 1, 2, 3);
        var inside = new Sketch().Input("images", 1, 3, 64, 128).Floats("r", [1, 2, 6], rows).Node("Identity", "r", "output0").Output("output0", 1, 2, 6);
        foreach (var (sketch, options, expected) in new[] { (apart, new BoxDetectorOptions(), 1), (apart, new() { Suppression = new() { Iou = 0.9f } }, 2), (apart, new() { Suppression = new() { Confidence = 0.85f, Iou = 1 } }, 1), (inside, new(), 2) })
        {
            using var detector = Open(sketch.Graph, options);
            Assert.Equal(expected, Detect(detector, new((128, 64, [])))[0].Count);
        }
    }

    [Fact]
    public void Lists_are_emptied_filled_and_added_and_pictures_are_counted()
    {
        using var detector = Open(new ForeignDetector().Create());
        List<List<DetectedBox>> found = [[new(new(1, 1, 2, 2), 1, 7)]];
        detector.Detect(Pixels(s_scenes), 3, s_size, found);
        Check(s_expected, found);
        Assert.Throws<ArgumentException>(() => detector.Detect(new byte[7], 1, s_size, found));
        Assert.Throws<ArgumentOutOfRangeException>(() => detector.Detect([], 0, s_size, found));
    }

    private static Dictionary<string, string> Names(params (string, string)[] names) => names.ToDictionary(pair => pair.Item1, pair => pair.Item2);

    private static BoxDetector Open(ModelGraph graph, BoxDetectorOptions? options = null) =>
        new(ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 }), (options ?? new()) with { ClassNames = s_names });

    private static byte[] Pixels(ColourScenes scenes) => [.. Enumerable.Range(0, scenes.Count).SelectMany(index => scenes.Read(index).Pixels)];

    private static List<List<DetectedBox>> Detect(BoxDetector detector, ColourScenes scenes)
    {
        List<List<DetectedBox>> found = [];
        var (width, height) = scenes.SizeOf(0);
        detector.Detect(Pixels(scenes), scenes.Count, (height, width), found);
        return found;
    }

    private static void Check((int Class, BoundingBox Box)[][] expected, List<List<DetectedBox>> found, bool sure = true)
    {
        Assert.Equal(expected.Length, found.Count);
        foreach (var (wanted, boxes) in expected.Zip(found))
        {
            Assert.Equal(wanted.Select(one => one.Class), boxes.Select(box => box.ClassIndex));
            foreach (var (one, box) in wanted.Zip(boxes))
            {
                Assert.Equal([one.Box.Left, one.Box.Top, one.Box.Right, one.Box.Bottom], [box.Box.Left, box.Box.Top, box.Box.Right, box.Box.Bottom], (a, b) => Math.Abs(a - b) < 0.05);
                Assert.InRange(box.Confidence, sure ? 0.49f : 0.1f, 1);
            }
        }
    }
}
