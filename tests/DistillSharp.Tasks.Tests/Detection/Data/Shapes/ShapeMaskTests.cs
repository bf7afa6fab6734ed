using DistillSharp.Tasks.Detection.Data.Shapes;

namespace DistillSharp.Tasks.Tests.Detection.Data.Shapes;

public sealed class ShapeMaskTests
{
    [Fact]
    public void A_rectangle_covers_its_pixels_and_the_part_it_has_of_others()
    {
        // From 1.5 to 4 pixels across, from 2 to 3 down.
        var mask = ShapeMask.Inside([Rectangle(96, 128, 256, 192)]);

        Assert.Equal((6, 8, 16, 12), (mask.Left, mask.Top, mask.Right, mask.Bottom));
        Assert.Equal(40, mask.Count);
        Assert.Equal([0, 8, 16, 16, 0], Enumerable.Range(0, 5).Select(x => mask.Cover(x, 2)));
        Assert.Equal([0, 16, 0], Enumerable.Range(1, 3).Select(y => mask.Cover(3, y)));
    }

    [Fact]
    public void An_outline_in_an_outline_is_a_hole()
    {
        var mask = ShapeMask.Inside([Rectangle(0, 0, 640, 640), Rectangle(128, 128, 512, 512)]);

        Assert.Equal(16 * (100 - 36), mask.Count);
        Assert.Equal((16, 0, 16), (mask.Cover(1, 5), mask.Cover(2, 5), mask.Cover(8, 5)));
    }

    [Fact]
    public void A_rim_is_what_lies_near_an_outline_and_inside()
    {
        (int, int)[][] outlines = [Rectangle(0, 0, 640, 640)];

        var rim = ShapeMask.Inside(outlines).Rim(outlines, 64);

        Assert.Equal(16 * (100 - 64), rim.Count);
        Assert.Equal((0, 0, 40, 40), (rim.Left, rim.Top, rim.Right, rim.Bottom));
    }

    [Fact]
    public void What_is_seen_lies_in_the_picture_under_nothing_and_its_edges_are_tight()
    {
        var mask = ShapeMask.Inside([Rectangle(-128, 64, 640, 256)]);

        var seen = mask.Seen(8, 8, ShapeMask.Inside([Rectangle(256, 0, 640, 640)]));

        Assert.Equal((0, 4, 16, 16), (seen.Left, seen.Top, seen.Right, seen.Bottom));
        Assert.Equal(16 * 4 * 3, seen.Count);
        Assert.Equal(0, mask.Seen(8, 8, mask).Count);
        Assert.Equal(0, ShapeMask.Inside([Rectangle(-640, -640, -64, -64)]).Seen(8, 8).Count);
    }

    [Theory]
    [InlineData("circle", Math.PI)]
    [InlineData("square", 2)]
    [InlineData("triangle", 1.299)]
    [InlineData("pentagon", 2.3776)]
    [InlineData("star", 1.2343)]
    [InlineData("cross", 2.3616)]
    [InlineData("ring", 2.1913)]
    [InlineData("crescent", 1.3081)]
    public void Shapes_have_the_area_that_geometry_says(string name, double area)
    {
        // By hand for a radius of 1: 5 sin 72° / 2 for the pentagon, 5 · 0.42 sin 36° for the star, 8 · 0.36 − 4 · 0.36² for the cross, π (1 − 0.55²) for the ring, and for the
        // crescent the unit disc less its lens with a disc of 0.85 at 0.45.
        var outlines = ShapeOutlines.All.Single(shape => shape.Name == name).Outlines;
        var mask = ShapeMask.Inside([.. outlines.Select(outline => outline.Select(point => ((int)Math.Round(5120 * point.X), (int)Math.Round(5120 * point.Y))).ToArray())]);

        Assert.Equal(area, mask.Count / (320.0 * 320), 0.01);
    }

    [Fact]
    public void Points_are_inside_exactly_where_the_angles_to_the_corners_add_up()
    {
        foreach (var (name, outlines) in ShapeOutlines.All)
        {
            (int X, int Y)[][] scaled = [.. outlines.Select(outline => outline.Select(point => ((int)Math.Round(700 * ((0.8 * point.X) - (0.6 * point.Y))), (int)Math.Round(700 * ((0.6 * point.X) + (0.8 * point.Y))))).ToArray())];
            var mask = ShapeMask.Inside(scaled);
            for (int row = -48; row < 48; row++)
            {
                for (int column = -48; column < 48; column++)
                {
                    int turns = scaled.Count(outline => Math.Abs(Turned(outline, (16 * column) + 8, (16 * row) + 8)) > Math.PI);
                    bool onEdge = scaled.Any(outline => outline.Index().Any(corner => Distance(corner.Item, outline[(corner.Index + 1) % outline.Length], (16 * column) + 8, (16 * row) + 8) < 1e-6));
                    Assert.True(onEdge || mask[column, row] == (turns % 2 == 1), $"{name} at {column}, {row}");
                }
            }
        }
    }

    private static (int X, int Y)[] Rectangle(int left, int top, int right, int bottom) => [(left, top), (right, top), (right, bottom), (left, bottom)];

    /// <summary>The angle by which one turns looking along an outline from a point: a full turn from inside, none from outside.</summary>
    private static double Turned((int X, int Y)[] outline, int x, int y) => outline.Index().Sum(corner =>
    {
        var (a, b) = (corner.Item, outline[(corner.Index + 1) % outline.Length]);
        double ax = a.X - x, ay = a.Y - y, bx = b.X - x, by = b.Y - y;
        return Math.Atan2((ax * by) - (ay * bx), (ax * bx) + (ay * by));
    });

    private static double Distance((int X, int Y) a, (int X, int Y) b, double x, double y)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, t = Math.Clamp((((x - a.X) * dx) + ((y - a.Y) * dy)) / ((dx * dx) + (dy * dy)), 0, 1);
        return double.Hypot(x - a.X - (t * dx), y - a.Y - (t * dy));
    }
}
