namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>The eight shapes as closed outlines around the origin, y pointing down. What lies inside an odd number of a shape's outlines is the shape.</summary>
internal static class ShapeOutlines
{
    private const double StarWaist = 0.42, ArmHalf = 0.36, RingHole = 0.55, BiteRadius = 0.85, BiteShift = 0.45;
    private const int CurvePoints = 48;

    /// <summary>The shapes, in the classes' order. Several differ by few corners, so that small ones are easily taken for each other.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)[]> Outlines)> All { get; } =
    [
        ("circle", [Polygon(CurvePoints, 1)]),
        ("square", [Polygon(4, 1)]),
        ("triangle", [Polygon(3, 1)]),
        ("pentagon", [Polygon(5, 1)]),
        ("star", [[.. Polygon(5, 1).Zip(Polygon(5, StarWaist, 0.1), (tip, waist) => new[] { tip, waist }).SelectMany(pair => pair)]]),
        ("cross", [Cross()]),
        ("ring", [Polygon(CurvePoints, 1), Polygon(CurvePoints, RingHole)]),
        ("crescent", [Crescent()]),
    ];

    /// <summary>A direction's cosine and sine, rounded to 30 bits: the last bit of a mathematics library must not move a picture.</summary>
    /// <param name="turns">The angle in turns, clockwise from the right as y points down.</param>
    public static (double Cos, double Sin) Direction(double turns)
    {
        const double Steps = 1 << 30;
        return (Math.Round(Math.Cos(2 * Math.PI * turns) * Steps) / Steps, Math.Round(Math.Sin(2 * Math.PI * turns) * Steps) / Steps);
    }

    private static (double X, double Y)[] Polygon(int corners, double radius, double start = 0) => Arc(0, radius, start, start + ((corners - 1.0) / corners), corners);

    /// <summary>Points on a circle around (x, 0), both ends included; angles in turns.</summary>
    private static (double X, double Y)[] Arc(double x, double radius, double from, double to, int points) =>
        [.. Enumerable.Range(0, points).Select(i => Direction(from + ((to - from) * i / (points - 1)))).Select(point => (x + (radius * point.Cos), radius * point.Sin))];

    private static (double X, double Y)[] Cross() =>
    [
        (-ArmHalf, -1), (ArmHalf, -1), (ArmHalf, -ArmHalf), (1, -ArmHalf), (1, ArmHalf), (ArmHalf, ArmHalf),
        (ArmHalf, 1), (-ArmHalf, 1), (-ArmHalf, ArmHalf), (-1, ArmHalf), (-1, -ArmHalf), (-ArmHalf, -ArmHalf),
    ];

    /// <summary>A disc out of which a smaller disc has bitten: the long way round the one, back along the other.</summary>
    private static (double X, double Y)[] Crescent()
    {
        double meet = (1 + (BiteShift * BiteShift) - (BiteRadius * BiteRadius)) / (2 * BiteShift);
        double outer = Math.Acos(meet) / (2 * Math.PI), inner = Math.Acos((meet - BiteShift) / BiteRadius) / (2 * Math.PI);
        return [.. Arc(0, 1, outer, 1 - outer, CurvePoints), .. Arc(BiteShift, BiteRadius, 1 - inner, inner, CurvePoints)[1..^1]];
    }
}
