namespace DistillSharp.Tasks.Data.Glyphs;

/// <summary>The ten characters as strokes: polylines in a box from (-1, -1), top left, to (1, 1), bottom right.</summary>
internal static class GlyphShapes
{
    private static readonly (double X, double Y)[] s_stem = [(-0.6, -1), (-0.6, 1)];

    /// <summary>The characters, in the classes' order. Several differ by one stroke, so that they are easily taken for each other.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)[]> Strokes)> All { get; } =
    [
        ("B", [s_stem, Bowl(-0.5, 0.5), Bowl(0.5, 0.5)]),
        ("C", [Arc(0, 0, 0.7, 1, 45, 315)]),
        ("D", [s_stem, [(-0.6, -1), (-0.1, -1)], Arc(-0.1, 0, 0.75, 1, -90, 90), [(-0.1, 1), (-0.6, 1)]]),
        ("E", [s_stem, [(-0.6, -1), (0.6, -1)], [(-0.6, 0), (0.4, 0)], [(-0.6, 1), (0.6, 1)]]),
        ("F", [s_stem, [(-0.6, -1), (0.6, -1)], [(-0.6, 0), (0.4, 0)]]),
        ("G", [Arc(0, 0, 0.7, 1, 0, 315), [(0.7, 0), (0.1, 0)]]),
        ("O", [Arc(0, 0, 0.7, 1, 0, 360)]),
        ("P", [s_stem, Bowl(-0.5, 0.5)]),
        ("Q", [Arc(0, 0, 0.7, 1, 0, 360), [(0.2, 0.45), (0.75, 1.05)]]),
        ("R", [s_stem, Bowl(-0.5, 0.5), [(-0.1, 0), (0.65, 1)]]),
    ];

    /// <summary>Half an ellipse between two short bars, as on the right of P.</summary>
    private static (double X, double Y)[] Bowl(double centre, double half) =>
        [(-0.6, centre - half), (0.1, centre - half), .. Arc(0.1, centre, 0.5, half, -90, 90), (-0.6, centre + half)];

    /// <summary>Part of an ellipse; angles in degrees, clockwise from the right, as y points down.</summary>
    private static (double X, double Y)[] Arc(double x, double y, double radiusX, double radiusY, double from, double to)
    {
        int pieces = (int)Math.Ceiling(Math.Abs(to - from) / 30);
        return [.. Enumerable.Range(0, pieces + 1).Select(i =>
        {
            double angle = (from + ((to - from) * i / pieces)) * Math.PI / 180;
            return (x + (radiusX * Math.Cos(angle)), y + (radiusY * Math.Sin(angle)));
        })];
    }
}
