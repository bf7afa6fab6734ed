using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Tasks.Tests.Detection;

public sealed class DetectionDecoderTests
{
    // Three places, two classes: two boxes of 10 x 10 that overlap by 9/11, and one far away.
    private static readonly float[] s_planes =
    [
        5, 6, 50,
        5, 5, 50,
        10, 10, 10,
        10, 10, 10,
        0.9f, 0.8f, 0.1f,
        0.3f, 0.7f, 0.6f,
    ];

    private static readonly DetectionOutput s_output = new(DetectionForm.Planes, 2, 3);

    [Fact]
    public void The_best_class_of_a_place_counts_and_surer_boxes_drop_what_they_overlap() =>
        Assert.Equal([new(new(0, 0, 10, 10), 0.9f, 0), new(new(45, 45, 55, 55), 0.6f, 1)], Decode(new()));

    [Fact]
    public void Of_several_classes_each_counts_where_that_is_wanted() =>
        Assert.Equal([(0.9f, 0), (0.7f, 1), (0.6f, 1)], Decode(new() { MultiLabel = true }).Select(box => (box.Confidence, box.ClassIndex)));

    [Fact]
    public void Classes_drop_each_other_where_that_is_wanted() =>
        Assert.Equal([(0.9f, 0), (0.6f, 1)], Decode(new() { MultiLabel = true, ClassAgnostic = true }).Select(box => (box.Confidence, box.ClassIndex)));

    [Fact]
    public void A_box_that_overlaps_by_no_more_than_the_limit_stays()
    {
        // 9 x 10 shared, 11 x 10 covered: 0.81818...
        Assert.Equal(3, Decode(new() { Confidence = 0.05f, Iou = 0.82f }).Count);
        Assert.Equal(2, Decode(new() { Confidence = 0.05f, Iou = 0.81f }).Count);
    }

    [Fact]
    public void A_confidence_must_be_exceeded() => Assert.Single(Decode(new() { Confidence = 0.6f }));

    [Fact]
    public void Only_wanted_classes_are_told_by_the_best_class_of_each_place()
    {
        Assert.Equal([1], Decode(new() { Classes = [1, 7] }).Select(box => box.ClassIndex));
        Assert.Equal([(0.7f, 1), (0.6f, 1)], Decode(new() { Classes = [1], MultiLabel = true }).Select(box => (box.Confidence, box.ClassIndex)));
    }

    [Fact]
    public void There_are_no_more_boxes_and_no_more_candidates_than_allowed()
    {
        Assert.Single(Decode(new() { MaxDetections = 1 }));
        Assert.Equal([0.9f], Decode(new() { MaxCandidates = 2 }).Select(box => box.Confidence));
    }

    [Fact]
    public void Numbers_that_are_none_are_nothing_found()
    {
        float[] planes = [.. s_planes];
        (planes[12], planes[1], planes[14]) = (float.NaN, float.PositiveInfinity, float.PositiveInfinity);

        // The first place is left with its other class, the second lies nowhere, the third is infinitely sure.
        Assert.Equal([new(new(0, 0, 10, 10), 0.3f, 1)], Decode(new(), planes));
    }

    [Fact]
    public void Places_one_by_one_are_the_same_boxes()
    {
        float[] rows = [.. Enumerable.Range(0, 18).Select(i => s_planes[(i % 6 * 3) + (i / 6)])];

        Assert.Equal(Decode(new()), Decode(new(), rows, new(DetectionForm.Rows, 2, 3)));
    }

    [Fact]
    public void Finished_boxes_are_sorted_and_what_is_unfilled_is_left_out()
    {
        float[] rows = [1, 2, 3, 4, 0.3f, 5, 0, 0, 0, 0, 0, 0, 5, 6, 7, 8, 0.8f, 2, 1, 1, 2, 2, float.NaN, 1, 1, 1, 2, 2, 0.9f, -1];

        Assert.Equal([new(new(5, 6, 7, 8), 0.8f, 2), new(new(1, 2, 3, 4), 0.3f, 5)], Decode(new(), rows, new(DetectionForm.Finished, 0, 5)));
        Assert.Equal([5], Decode(new() { Classes = [5] }, rows, new(DetectionForm.Finished, 0, 5)).Select(box => box.ClassIndex));
    }

    [Fact]
    public void Boxes_that_are_read_already_are_chosen_by_the_same_rules()
    {
        // What the planes above say with several classes a place, and what no decoder would let through.
        DetectedBox[] candidates =
        [
            new(new(0, 0, 10, 10), 0.9f, 0), new(new(0, 0, 10, 10), 0.3f, 1), new(new(1, 0, 11, 10), 0.8f, 0), new(new(1, 0, 11, 10), 0.7f, 1), new(new(45, 45, 55, 55), 0.1f, 0), new(new(45, 45, 55, 55), 0.6f, 1),
            new(new(float.NaN, 0, 1, 1), 0.9f, 0), new(new(0, 0, 1, 1), float.NaN, 0), new(new(0, 0, 1, 1), float.PositiveInfinity, 0), new(new(0, 0, 1, 1), 0.9f, -1), new(new(90, 90, 99, 99), 0.5f, int.MaxValue),
        ];
        foreach (var options in new NonMaxSuppressionOptions[] { new() { MultiLabel = true }, new() { MultiLabel = true, ClassAgnostic = true }, new() { MultiLabel = true, Classes = [1] }, new() { MultiLabel = true, MaxCandidates = 2 }, new() { MultiLabel = true, MaxDetections = 1 } })
        {
            List<DetectedBox> found = [];
            new DetectionDecoder(options).Choose(candidates, found);
            Assert.Equal(Decode(options), found.Where(box => box.ClassIndex < int.MaxValue));
        }

        List<DetectedBox> all = [];
        new DetectionDecoder(new()).Choose(candidates, all, suppress: false);
        Assert.Equal([0.9f, 0.8f, 0.7f, 0.6f, 0.5f, 0.3f], all.Select(box => box.Confidence));
        Assert.Throws<ArgumentException>(() => new DetectionDecoder(new()).Choose(all, all));
    }

    [Fact]
    public void A_decoder_forgets_the_picture_before()
    {
        var decoder = new DetectionDecoder(new());
        List<DetectedBox> found = [];
        decoder.Decode(s_planes, s_output, found);
        decoder.Decode(new float[18], s_output, found);
        Assert.Empty(found);
        decoder.Decode(s_planes, s_output, found);
        Assert.Equal(2, found.Count);
    }

    [Fact]
    public void A_steady_decoder_allocates_nothing()
    {
        var decoder = new DetectionDecoder(new() { Confidence = 0.001f, MultiLabel = true });
        List<DetectedBox> found = [];
        decoder.Decode(s_planes, s_output, found);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            decoder.Decode(s_planes, s_output, found);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(new long[] { 1, 84, 8400 }, 80, DetectionForm.Planes, 80, 8400)]
    [InlineData(new long[] { 1, 84, 21 }, 80, DetectionForm.Planes, 80, 21)]
    [InlineData(new long[] { 2, 8400, 84 }, 80, DetectionForm.Rows, 80, 8400)]
    [InlineData(new long[] { 1, 84, 8400 }, null, DetectionForm.Planes, 80, 8400)]
    [InlineData(new long[] { 1, 8400, 84 }, null, DetectionForm.Rows, 80, 8400)]
    [InlineData(new long[] { 1, 300, 6 }, 80, DetectionForm.Finished, 0, 300)]
    [InlineData(new long[] { 1, 300, 6 }, 2, DetectionForm.Finished, 0, 300)]
    [InlineData(new long[] { 1, 8400, 6 }, 2, DetectionForm.Rows, 2, 8400)]
    [InlineData(new long[] { 1, 6, 8400 }, 2, DetectionForm.Planes, 2, 8400)]
    [InlineData(new long[] { 1, 5, 8400 }, 1, DetectionForm.Planes, 1, 8400)]
    public void A_layout_is_told_by_its_shape(long[] shape, int? classes, DetectionForm form, int classCount, int boxes) =>
        Assert.Equal(new(form, classCount, boxes), DetectionOutput.Of(shape, classes));

    [Theory]
    [InlineData(new long[] { 1, 1000 }, null, "[1, 1000]")]
    [InlineData(new long[] { 1, 84, 8400 }, 3, "[N, 7, places]")]
    [InlineData(new long[] { 1, 4, 3 }, null, "[1, 4, 3]")]
    [InlineData(new long[] { 1, 84, 0 }, null, "[1, 84, 0]")]
    [InlineData(new long[] { 1, 84, 1L << 40 }, 80, "1099511627776")]
    public void What_is_no_detectors_shape_is_refused_with_what_was_expected(long[] shape, int? classes, string part)
    {
        string message = Assert.Throws<DataException>(() => DetectionOutput.Of(shape, classes)).Message;
        Assert.Contains("no YOLO detector's", message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 1, 25200, 85 }, 80, DetectionForm.Rows, 80, 25200)]
    [InlineData(new long[] { 1, 85, 25200 }, 80, DetectionForm.Planes, 80, 25200)]
    [InlineData(new long[] { 1, 25200, 6 }, 1, DetectionForm.Rows, 1, 25200)]
    public void One_number_more_than_box_and_classes_is_an_objectness(long[] shape, int classes, DetectionForm form, int classCount, int boxes) =>
        Assert.Equal(new(form, classCount, boxes) { HasObjectness = true }, DetectionOutput.Of(shape, classes));

    [Theory]
    [InlineData(DetectionForm.Rows)]
    [InlineData(DetectionForm.Planes)]
    public void A_class_counts_as_much_as_its_place_does(DetectionForm form)
    {
        // Two places of two classes: the first is sure of a box and half sure of class 1, the second is sure of class 0 and hardly of a box.
        float[] rows = [10, 10, 8, 8, 1, 0.25f, 0.5f, 50, 50, 8, 8, 0.125f, 1, 0];
        float[] answer = form == DetectionForm.Rows ? rows : [.. Enumerable.Range(0, 14).Select(i => rows[(i % 2 * 7) + (i / 2)])];
        List<DetectedBox> found = [];

        new DetectionDecoder(new() { Confidence = 0.1f }).Decode(answer, new(form, 2, 2) { HasObjectness = true }, found);

        Assert.Equal([new(new(6, 6, 14, 14), 0.5f, 1), new(new(46, 46, 54, 54), 0.125f, 0)], found);
    }

    [Fact]
    public void Bad_options_and_lengths_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonMaxSuppressionOptions { Confidence = float.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonMaxSuppressionOptions { Iou = 1.1f });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonMaxSuppressionOptions { MaxDetections = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonMaxSuppressionOptions { MaxCandidates = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonMaxSuppressionOptions { Classes = [-1] });
        Assert.Throws<ArgumentException>(() => Decode(new(), new float[17]));
    }

    private static List<DetectedBox> Decode(NonMaxSuppressionOptions options, float[]? answer = null, DetectionOutput? output = null)
    {
        List<DetectedBox> found = [];
        new DetectionDecoder(options).Decode(answer ?? s_planes, output ?? s_output, found);
        return found;
    }
}
