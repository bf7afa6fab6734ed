using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Drawing;
using DistillSharp.Tasks.Detection.Metrics;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Detection.Drawing;

public sealed class DrawingTests
{
    private static readonly string[] s_names = ["person", "bus", "größe"];

    [Fact]
    public void A_box_is_framed_in_its_classs_colour_and_the_rest_stays()
    {
        var image = Pictures.Flat(3, 100, 200, 9);
        var drawn = BoxPainter.Draw(image, [new(new(60, 50, 150, 90), 0.5f, 1)], label => s_names[label]);

        Assert.Equal(ClassPalette.Of(1), Colour(drawn, 70, 60));
        Assert.Equal(ClassPalette.Of(1), Colour(drawn, 90, 120));
        Assert.Equal((9, 9, 9), Colour(drawn, 70, 100));
        Assert.Equal((9, 9, 9), Colour(drawn, 97, 20));
        Assert.All(image.Pixels, pixel => Assert.Equal(9, pixel));
    }

    [Fact]
    public void A_label_lies_above_its_box_or_inside_where_there_is_no_room()
    {
        Assert.Contains(ClassPalette.Of(0), Row(BoxPainter.Draw(Pictures.Flat(3, 100, 200, 9), [new(new(20, 50, 120, 90), 0.5f, 0)], label => s_names[label]), 40));
        var high = BoxPainter.Draw(Pictures.Flat(3, 100, 200, 9), [new(new(20, 2, 120, 90), 0.5f, 0)], label => s_names[label]);
        Assert.Contains(ClassPalette.Of(0), Row(high, 8).Skip(30).Take(40));
    }

    [Fact]
    public void In_a_strip_a_label_stays_on_its_own_copy()
    {
        var strip = PictureStrip.Draw(Pictures.Flat(3, 60, 60, 9), [("", [(new(50, 30, 60, 50), 0, "person 0.50")]), ("", [(new(20, 1, 40, 20), 1, "bus")])]);

        // Copies of 300 pixels below a caption of 26, 8 between them, of which the frame's line takes one.
        Assert.Equal((3, 326, 608), Shape(strip));
        Assert.Contains(ClassPalette.Of(0), Row(strip, 170).Skip(230).Take(20));
        Assert.Contains(ClassPalette.Of(1), Row(strip, 40).Skip(410).Take(20));
        Assert.All(Enumerable.Range(0, 26).SelectMany(row => Row(strip, row)), colour => Assert.Equal((255, 255, 255), colour));
        Assert.All(Enumerable.Range(26, 300).SelectMany(row => Row(strip, row).Skip(302).Take(6)), colour => Assert.Equal((255, 255, 255), colour));
    }

    [Fact]
    public void Grey_pictures_tiny_pictures_and_boxes_outside_can_be_drawn()
    {
        var boxes = new DetectedBox[] { new(new(-50, -50, 500, 500), 0.9f, 0), new(new(0, 0, 0, 0), 0.5f, 2) };
        Assert.Equal((3, 1, 1), Shape(BoxPainter.Draw(new PixelImage(1, 1, 1, [7]), boxes, label => s_names[label])));
        Assert.Equal((3, 20, 30), Shape(BoxPainter.Draw(Pictures.Flat(1, 20, 30, 100), boxes, label => s_names[label])));
    }

    [Fact]
    public void The_palette_has_20_colours_that_differ()
    {
        Assert.Equal(20, Enumerable.Range(0, ClassPalette.Count).Select(ClassPalette.Of).Distinct().Count());
        Assert.Equal(ClassPalette.Of(1), ClassPalette.Of(21));
    }

    [Fact]
    public void Every_printable_letter_has_strokes_of_its_own_and_others_a_box()
    {
        string printable = new([.. Enumerable.Range(33, 94).Select(code => (char)code)]);
        string[] shapes = [.. printable.Select(letter => string.Join(' ', StrokeFont.Lines(letter).Select(line => string.Concat(line))))];

        Assert.DoesNotContain("", shapes);
        Assert.Equal(94, shapes.Distinct().Count());
        Assert.Equal(StrokeFont.Lines('é').Single(), StrokeFont.Lines('猫').Single());
        Assert.All(printable.SelectMany(StrokeFont.Lines).SelectMany(line => line), point => Assert.True(point is { X: >= 0 and <= 4, Y: >= 0 and <= 8 }));
        Assert.Equal((10, 0), (StrokeFont.Width("ab"), StrokeFont.Width("")));
    }

    [Fact]
    public void A_crop_is_the_part_inside_the_picture()
    {
        var image = new PixelImage(3, 4, 5, [.. Enumerable.Range(0, 60).Select(i => (byte)i)]);

        var crop = BoxCrop.Of(image, new(1.2f, 1.5f, 2.8f, 99))!;

        Assert.Equal((3, 3, 2), Shape(crop));
        Assert.Equal<byte>([6, 7, 11, 12, 16, 17, 26, 27, 31, 32, 36, 37, 46, 47, 51, 52, 56, 57], crop.Pixels);
        Assert.Null(BoxCrop.Of(image, new(7, 1, 9, 2)));
    }

    [Fact]
    public void A_sheet_shows_each_picture_with_its_boxes_where_they_are()
    {
        // Two pictures of 64 x 64 side by side; the second has a true box over its lower half.
        var batch = new DetectionBatch
        {
            Count = 2,
            Pixels = new byte[2 * 3 * 64 * 64],
            Size = (64, 64),
            Targets = new float[] { 1, 1, 0.5f, 0.75f, 0.5f, 0.25f },
            Indices = new[] { 0, 1 },
        };

        var truths = ContactSheet.OfTruths(batch, label => s_names[label]);
        var found = ContactSheet.OfFound(batch, [[new(new(16, 40, 48, 56), 0.9f, 0), new(new(0, 0, 64, 64), 0.2f, 2)], []], label => s_names[label]);

        Assert.Equal((3, 64, 128), Shape(truths));
        Assert.Equal(ClassPalette.Of(1), Colour(truths, 56, 64 + 32));
        Assert.Equal((0, 0, 0), Colour(truths, 56, 32));
        Assert.Equal(ClassPalette.Of(0), Colour(found, 56, 32));
        Assert.Equal((0, 0, 0), Colour(found, 56, 64 + 32));
    }

    [Fact]
    public void A_sheet_of_many_pictures_is_made_smaller_and_shows_sixteen()
    {
        var batch = new DetectionBatch { Count = 20, Pixels = new byte[20 * 3 * 640 * 640], Size = (640, 640), Targets = ReadOnlyMemory<float>.Empty, Indices = Enumerable.Range(0, 20).ToArray() };
        Assert.Equal((3, 1920, 1920), Shape(ContactSheet.OfTruths(batch, _ => "")));
    }

    [Fact]
    public void The_plots_of_any_score_are_written()
    {
        using var folder = new DistillSharp.TestKit.TemporaryFolder();
        foreach (var (classes, truths) in new[] { (1, 0), (3, 5), (80, 80), (2_000, 50) })
        {
            var scorer = new DetectionScorer(classes);
            scorer.Add([new(new(0, 0, 10, 10), 0.9f, 0)], [.. Enumerable.Range(0, truths).Select(i => new TrueBox(new(0, 0, 10, 10 + i), i % classes))]);
            Assert.All(DetectionPlots.Save(scorer.Score(), label => $"class {label}", folder.Path), path => Assert.InRange(ImageFile.Load(path).Width, 900, 1100));
        }

        Assert.Equal(6, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void A_confusion_lies_in_its_row_and_column()
    {
        var scorer = new DetectionScorer(1);
        scorer.Add([], [new(new(0, 0, 10, 10), 0)]);

        // 2 x 2 cells of 400 pixels from (170, 60): the miss is the lower left one, found as background.
        var picture = ConfusionPicture.Draw(scorer.Score().Confusion, normalized: true, _ => "thing");

        Assert.Equal((8, 48, 107), Colour(picture, 60 + 500, 170 + 100));
        Assert.Equal((247, 251, 255), Colour(picture, 60 + 100, 170 + 100));
        Assert.Equal((247, 251, 255), Colour(picture, 60 + 500, 170 + 500));
    }

    private static (int, int, int) Shape(PixelImage image) => (image.Channels, image.Height, image.Width);

    private static (byte Red, byte Green, byte Blue) Colour(PixelImage image, int y, int x)
    {
        int plane = image.Height * image.Width, at = (y * image.Width) + x;
        return (image.Pixels[at], image.Pixels[plane + at], image.Pixels[(2 * plane) + at]);
    }

    private static IEnumerable<(byte, byte, byte)> Row(PixelImage image, int y) => Enumerable.Range(0, image.Width).Select(x => Colour(image, y, x));
}
