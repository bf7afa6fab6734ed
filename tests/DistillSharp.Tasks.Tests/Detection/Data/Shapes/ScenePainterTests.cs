using DistillSharp.Tasks.Detection.Data.Shapes;

namespace DistillSharp.Tasks.Tests.Detection.Data.Shapes;

public sealed class ScenePainterTests
{
    private static readonly Lazy<IReadOnlyList<ShapeScene>> s_scenes = new(() => [.. Enumerable.Range(0, 60).Select(i => ShapeScene.Plan(ShapesPart.Training, i))]);

    [Fact]
    public void Boxes_are_the_smallest_around_the_pixels_that_painting_a_shape_changes()
    {
        int cut = 0, whole = 0;
        foreach (var scene in s_scenes.Value)
        {
            var empty = ScenePainter.Draw(scene with { Shapes = [] });
            var labels = new ShapesSource(ShapesPart.Training).LabelsOf(scene.Index);
            foreach (var (number, shape) in scene.Shapes.Index())
            {
                var (left, top, right, bottom) = Extent(Changed(empty, ScenePainter.Draw(scene with { Shapes = [shape] })));
                var box = labels[number].ToPixels(scene.Width, scene.Height);

                // To the pixel; inside it to a quarter, which a label is rounded to.
                Assert.Equal((left, top), ((int)Math.Floor(box.Left + 1e-3f), (int)Math.Floor(box.Top + 1e-3f)));
                Assert.Equal((right, bottom), ((int)Math.Ceiling(box.Right - 1e-3f), (int)Math.Ceiling(box.Bottom - 1e-3f)));
                (cut, whole) = left == 0 || top == 0 || right == scene.Width || bottom == scene.Height ? (cut + 1, whole) : (cut, whole + 1);
            }
        }

        Assert.True(cut > 5 && whole > 100, $"{cut} shapes at an edge, {whole} away from it");
    }

    [Fact]
    public void Most_of_every_shape_is_still_there_when_all_are_painted()
    {
        int overlapped = 0;
        foreach (var scene in s_scenes.Value.Where(scene => scene.Shapes.Count > 1))
        {
            var all = ScenePainter.Draw(scene);
            var before = ScenePainter.Draw(scene with { Shapes = [] });
            for (int i = 0; i < scene.Shapes.Count; i++)
            {
                var after = ScenePainter.Draw(scene with { Shapes = [.. scene.Shapes.Take(i + 1)] });
                var mine = Changed(before, after);
                int later = mine.Intersect(Changed(after, all)).Count();
                overlapped += later > 0 ? 1 : 0;

                // Pixels that a later shape touches at its edge count as hidden here, so that thin shapes lose more than 40 % of their pixels.
                double least = scene.Shapes[i].IsOutlined ? 0.4 : 0.55;
                Assert.True(later <= (1 - least) * mine.Count, $"picture {scene.Index}, shape {i}: {later} of {mine.Count} pixels are hidden");
                Assert.InRange(scene.Shapes[i].VisibleShare, PlacedShape.LeastVisible, 1);
                before = after;
            }
        }

        Assert.True(overlapped > 20, $"only {overlapped} shapes lie under others");
    }

    [Fact]
    public void Every_shape_stands_out_from_what_is_below_it_but_some_barely()
    {
        List<double> contrasts = [];
        foreach (var scene in s_scenes.Value.Where(scene => scene.Shapes.Count > 0))
        {
            var below = ScenePainter.Draw(scene with { Shapes = [] });
            var above = ScenePainter.Draw(scene with { Shapes = [scene.Shapes[0]] });
            contrasts.Add(Changed(below, above).Average(pixel => Enumerable.Range(0, 3).Max(channel => Math.Abs(below[channel, pixel.X, pixel.Y] - above[channel, pixel.X, pixel.Y]))));
        }

        Assert.InRange(contrasts.Min(), 25, 50);
        Assert.InRange(contrasts.Max(), 80, 180);
    }

    [Fact]
    public void The_camera_adds_noise_to_every_picture_and_blurs_some()
    {
        List<double> errors = [];
        foreach (var scene in s_scenes.Value)
        {
            double[] levels = ScenePainter.Draw(scene).Levels;
            byte[] pixels = ScenePainter.Paint(scene).Pixels;
            errors.Add(Math.Sqrt(levels.Zip(pixels, (level, pixel) => (level - pixel) * (level - pixel)).Average()));
        }

        Assert.InRange(errors.Min(), 1, 4);
        Assert.InRange(errors.Average(), 3, 9);
    }

    private static List<(int X, int Y)> Changed(ColourCanvas a, ColourCanvas b) =>
    [
        .. Enumerable.Range(0, a.Width * a.Height).Select(i => (X: i % a.Width, Y: i / a.Width))
            .Where(pixel => Enumerable.Range(0, 3).Any(channel => Math.Abs(a[channel, pixel.X, pixel.Y] - b[channel, pixel.X, pixel.Y]) > 1e-9)),
    ];

    private static (int Left, int Top, int Right, int Bottom) Extent(List<(int X, int Y)> pixels) =>
        (pixels.Min(pixel => pixel.X), pixels.Min(pixel => pixel.Y), pixels.Max(pixel => pixel.X) + 1, pixels.Max(pixel => pixel.Y) + 1);
}
