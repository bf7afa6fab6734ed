using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Augmentations;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Tasks.Tests.Detection.Augmentations;

public sealed class BoxesUnderPixelsTests
{
    private const int Side = 320;

    public static TheoryData<string, DetectionAugmentation> Changes => new()
    {
        { "none", DetectionAugmentation.None },
        { "mirrored", DetectionAugmentation.None with { FlipLr = 1 } },
        { "upside down", DetectionAugmentation.None with { FlipUd = 1 } },
        { "moved", DetectionAugmentation.None with { Translate = 0.3 } },
        { "scaled", DetectionAugmentation.None with { Scale = 0.9 } },
        { "mosaic", DetectionAugmentation.None with { Mosaic = 1 } },
        { "turned", DetectionAugmentation.None with { Degrees = 60, Scale = 0.2 } },
        { "sheared", DetectionAugmentation.None with { Shear = 20 } },
        { "vanishing", DetectionAugmentation.None with { Perspective = 0.0008, Degrees = 5 } },
        { "published", new() { HsvH = 0, HsvS = 0, HsvV = 0 } },
        { "everything", new() { HsvH = 0, HsvS = 0, HsvV = 0, Degrees = 20, Shear = 8, Perspective = 0.0003, FlipUd = 0.5 } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_coloured_rectangle_lies_under_its_box_after_every_change(string name, DetectionAugmentation augmentation)
    {
        var loader = new DetectionLoader(new ColouredRectangles(), new() { ImageSize = Side, BatchSize = 3, Augmentation = augmentation, Seed = 4 });
        int boxes = 0;
        for (int epoch = 0; epoch < 8; epoch++)
        {
            foreach (var batch in loader.Epoch(epoch))
            {
                foreach (float[] row in batch.Targets.ToArray().Chunk(6))
                {
                    Check(name, batch.Pixels.Span.Slice((int)row[0] * 3 * Side * Side, 3 * Side * Side), (int)row[1], BoundingBox.Around(row[2] * Side, row[3] * Side, row[4] * Side, row[5] * Side), augmentation);
                    boxes++;
                }
            }
        }

        Assert.True(boxes >= 40, $"Only {boxes} boxes were looked at.");
    }

    [Fact]
    public void Changing_nothing_gives_the_letterboxed_pictures_and_their_boxes()
    {
        var options = new DetectionLoaderOptions { ImageSize = Side, BatchSize = 6 };
        var plain = new DetectionLoader(new ColouredRectangles(), options).Epoch(0).Single();
        var changed = new DetectionLoader(new ColouredRectangles(), options with { Augmentation = DetectionAugmentation.None }).Epoch(0).Single();

        Assert.Equal(plain.Pixels.ToArray(), changed.Pixels.ToArray());
        Assert.Equal(plain.Targets.Length, changed.Targets.Length);
        foreach (var (expected, found) in plain.Targets.ToArray().Zip(changed.Targets.ToArray()))
        {
            Assert.Equal(expected, found, 1e-5f);
        }

        Assert.Equal(6, plain.Letterboxes.Count);
        Assert.Empty(changed.Letterboxes);
    }

    /// <summary>The extent of the pixels of the colour, around the box, is the box.</summary>
    private static void Check(string name, ReadOnlySpan<byte> pixels, int kind, BoundingBox box, DetectionAugmentation augmentation)
    {
        // A turned corner is thinner than a pixel.
        double slack = augmentation.Degrees > 0 || augmentation.Shear > 0 ? 2.5 : 1.01;
        int left = int.MaxValue, top = int.MaxValue, right = 0, bottom = 0;
        for (int y = Math.Max(0, (int)box.Top - 8); y < Math.Min(Side, box.Bottom + 8); y++)
        {
            for (int x = Math.Max(0, (int)box.Left - 8); x < Math.Min(Side, box.Right + 8); x++)
            {
                if (Is(pixels, (y * Side) + x, ColouredRectangles.Colours[kind]))
                {
                    (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
                }
            }
        }

        // Of a turned rectangle that the edge cuts, the box is that of its corners, and its pixels lie within.
        if (slack > 2 && (box.Left == 0 || box.Top == 0 || box.Right == Side || box.Bottom == Side))
        {
            Assert.True(right > left && left >= box.Left - slack && top >= box.Top - slack && right <= box.Right + slack && bottom <= box.Bottom + slack, $"{name}: class {kind} is not within {box}.");
            return;
        }

        bool same = Math.Abs(left - box.Left) <= slack && Math.Abs(top - box.Top) <= slack && Math.Abs(right - box.Right) <= slack && Math.Abs(bottom - box.Bottom) <= slack;
        Assert.True(same, $"{name}: class {kind} is at ({left}, {top}, {right}, {bottom}), its box at {box}.");
    }

    private static bool Is(ReadOnlySpan<byte> pixels, int place, (int R, int G, int B) colour)
    {
        int plane = Side * Side;
        return Near(pixels[place], colour.R) && Near(pixels[plane + place], colour.G) && Near(pixels[(2 * plane) + place], colour.B);
    }

    /// <summary>More of the colour than of the grey around it.</summary>
    private static bool Near(int level, int colour) => Math.Abs(level - colour) <= Math.Abs(colour - Letterbox.Fill) / 2;
}
