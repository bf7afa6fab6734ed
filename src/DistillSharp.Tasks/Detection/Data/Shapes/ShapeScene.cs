using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>What a picture shows, before anything is painted: its size, and which shapes lie where.</summary>
/// <param name="Part">The part of the set.</param>
/// <param name="Index">The picture's position in it.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Shapes">The shapes, the lowest first.</param>
internal sealed record ShapeScene(ShapesPart Part, int Index, int Width, int Height, IReadOnlyList<PlacedShape> Shapes)
{
    /// <summary>The pictures' longer side in pixels.</summary>
    public const int LongerSide = 160;

    // The set's difficulty. These numbers were fixed before any student was distilled on it, and stay.
    private const int Seed = 31_415, ShorterSide = 120, MostShapes = 5, Tries = 40;
    private const double BackgroundShare = 0.05, MinSize = 0.18, MaxSize = 0.6, CutShare = 0.1, MostOutside = 0.2, OutlinedShare = 0.12;
    private const double MinSquash = 0.8, MinRim = 0.07, MaxRim = 0.11, ThinnestRim = 1.5, MostOverlap = 0.3;

    /// <summary>A picture's size alone.</summary>
    public static (int Width, int Height) SizeOf(ShapesPart part, int index)
    {
        var random = Stream(part, index, ShapeStream.Places);
        return DrawSize(ref random);
    }

    /// <summary>Works out a picture's shapes.</summary>
    /// <param name="part">The part of the set.</param>
    /// <param name="index">The picture's position in it.</param>
    public static ShapeScene Plan(ShapesPart part, int index)
    {
        var random = Stream(part, index, ShapeStream.Places);
        var (width, height) = DrawSize(ref random);
        int count = random.NextBool(BackgroundShare) ? 0 : 1 + random.NextInt(MostShapes);
        var wanted = new (int Class, double Size)[count];
        for (int i = 0; i < count; i++)
        {
            // A square makes small shapes more frequent than large ones.
            double share = random.NextDouble();
            wanted[i] = (random.NextInt(ShapeOutlines.All.Count), LongerSide * (MinSize + ((MaxSize - MinSize) * share * share)));
        }

        List<PlacedShape> placed = [];
        foreach (var (label, size) in wanted.OrderByDescending(shape => shape.Size))
        {
            Place(placed, label, size, width, height, ref random);
        }

        return new(part, index, width, height, placed);
    }

    /// <summary>Random numbers for one purpose, so that what is drawn for the one does not hang on the other.</summary>
    public SampleRandom Stream(ShapeStream purpose) => Stream(Part, Index, purpose);

    private static SampleRandom Stream(ShapesPart part, int index, ShapeStream purpose) => new(Seed + (int)purpose, (int)part, index);

    private static (int Width, int Height) DrawSize(ref SampleRandom random)
    {
        int shorter = ShorterSide + random.NextInt(LongerSide - ShorterSide + 1);
        return random.NextBool(0.5) ? (LongerSide, shorter) : (shorter, LongerSide);
    }

    /// <summary>Tries places until one leaves every shape visible; a shape that finds none is left out.</summary>
    private static void Place(List<PlacedShape> placed, int label, double size, int width, int height, ref SampleRandom random)
    {
        bool outlined = random.NextBool(OutlinedShare);
        int rim = (int)Math.Round(ShapeMask.Units * Math.Max(ThinnestRim, size * random.NextDouble(MinRim, MaxRim)));
        for (int i = 0; i < Tries; i++)
        {
            var outlines = Outlines(label, size, width, height, ref random);
            var whole = ShapeMask.Inside(outlines);
            whole = outlined ? whole.Rim(outlines, rim) : whole;
            var seen = whole.Seen(width, height);
            var shape = new PlacedShape(label, outlined, seen, seen, whole.Count);
            if (shape.VisibleShare < PlacedShape.LeastVisible || placed.Exists(other => other.Box.IntersectionOverUnion(shape.Box) > MostOverlap))
            {
                continue;
            }

            PlacedShape[] below = [.. placed.Select(other => other.Under(shape, width, height))];
            if (below.All(other => other.VisibleShare >= PlacedShape.LeastVisible))
            {
                placed.Clear();
                placed.AddRange([.. below, shape]);
                return;
            }
        }
    }

    /// <summary>A shape's outlines, squashed, turned, scaled until the longer side of their box is the size, and moved; in 64ths of a pixel.</summary>
    private static (int X, int Y)[][] Outlines(int label, double size, int width, int height, ref SampleRandom random)
    {
        double squash = random.NextDouble(MinSquash, 1), outside = random.NextBool(CutShare) ? MostOutside : 0;
        var (cos, sin) = ShapeOutlines.Direction(random.NextDouble());
        (double X, double Y)[][] turned = [.. ShapeOutlines.All[label].Outlines.Select(outline => outline.Select(point => ((cos * squash * point.X) - (sin * point.Y), (sin * squash * point.X) + (cos * point.Y))).ToArray())];
        var points = turned.SelectMany(outline => outline).ToList();
        double left = points.Min(point => point.X), top = points.Min(point => point.Y);
        double across = points.Max(point => point.X) - left, down = points.Max(point => point.Y) - top, scale = size / Math.Max(across, down);
        double x = random.NextDouble(-outside * scale * across, width - ((1 - outside) * scale * across)), y = random.NextDouble(-outside * scale * down, height - ((1 - outside) * scale * down));
        return [.. turned.Select(outline => outline.Select(point => (ToUnits(x + (scale * (point.X - left))), ToUnits(y + (scale * (point.Y - top))))).ToArray())];
    }

    private static int ToUnits(double pixels) => (int)Math.Round(pixels * ShapeMask.Units);
}
