using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection.Augmentations;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Tasks.Tests.Detection.Augmentations;

public sealed class PlaneTransformTests
{
    private static readonly DetectionAugmentation s_everything = new() { Degrees = 30, Shear = 10, Perspective = 0.0005, Scale = 0.5, Translate = 0.2 };

    [Fact]
    public void The_canvas_is_scaled_and_turned_around_its_centre_and_moved_within_bounds()
    {
        var random = new SampleRandom(1, 0, 0);
        var options = DetectionAugmentation.None with { Degrees = 40, Scale = 0.5, Translate = 0.25 };
        var drawn = Enumerable.Range(0, 2000).Select(_ => (Transform: PlaneTransform.Draw(options, ref random, (200, 120), (100, 60), out double scale), Scale: scale)).ToList();

        foreach (var (transform, scale) in drawn)
        {
            // The canvas's centre (100, 60) goes to the input's centre (50, 30), moved by up to a quarter of 100 and of 60.
            var (x, y) = transform.Apply(100, 60);
            Assert.InRange(x, 25, 75);
            Assert.InRange(y, 15, 45);
            var (right, below) = transform.Apply(110, 60);
            Assert.Equal(10 * scale, Math.Sqrt(((right - x) * (right - x)) + ((below - y) * (below - y))), 9);
            Assert.InRange(Math.Abs(Math.Atan2(below - y, right - x)), 0, 40 * Math.PI / 180);
        }

        double[] xs = [.. drawn.Select(one => one.Transform.Apply(100, 60).X)], scales = [.. drawn.Select(one => one.Scale)];
        Assert.True(xs.Min() < 26 && xs.Max() > 74 && scales.Min() < 0.51 && scales.Max() > 1.49);
        Assert.InRange(xs.Average(), 49, 51);
        Assert.InRange(scales.Average(), 0.98, 1.02);
    }

    [Fact]
    public void The_way_back_leads_back()
    {
        var random = new SampleRandom(2, 0, 0);
        for (int i = 0; i < 100; i++)
        {
            var transform = PlaneTransform.Draw(s_everything, ref random, (200, 120), (100, 60), out _).Flipped(true, i % 2 == 0, 100, 60);
            var (x, y) = transform.Apply(30, 90);
            var (u, v) = transform.Inverse().Apply(x, y);
            Assert.Equal(30, u, 8);
            Assert.Equal(90, v, 8);
        }
    }

    [Fact]
    public void One_change_after_another_is_both()
    {
        PlaneTransform first = new(2, 1, 3, 0, 1, -4), second = new(1, 0, 5, -1, 3, 0);

        // (7, 9) goes to (2*7 + 9 + 3, 9 - 4) = (26, 5), that to (26 + 5, -26 + 15) = (31, -11).
        Assert.Equal((31, -11), first.Then(second).Apply(7, 9));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Mirrored_pictures_are_the_letterboxed_ones_read_backwards(bool leftRight)
    {
        var options = new DetectionLoaderOptions { ImageSize = 320, BatchSize = 6 };
        var change = leftRight ? DetectionAugmentation.None with { FlipLr = 1 } : DetectionAugmentation.None with { FlipUd = 1 };
        byte[] plain = new DetectionLoader(new ColouredRectangles(), options).Epoch(0).Single().Pixels.ToArray();
        byte[] mirrored = new DetectionLoader(new ColouredRectangles(), options with { Augmentation = change }).Epoch(0).Single().Pixels.ToArray();

        Assert.Equal(
            leftRight ? plain.Chunk(320).SelectMany(row => row.Reverse()) : plain.Chunk(320 * 320).SelectMany(plane => plane.Chunk(320).Reverse().SelectMany(row => row)),
            mirrored);
    }
}
