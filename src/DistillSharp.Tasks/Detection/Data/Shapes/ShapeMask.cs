namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>The points of a shape on a grid of 4 x 4 a pixel. Worked out in whole numbers, and so the same on every machine.</summary>
internal sealed class ShapeMask
{
    /// <summary>Points a pixel on a side.</summary>
    public const int PerPixel = 4;

    /// <summary>Units of an outline's coordinates a pixel.</summary>
    public const int Units = 64;

    private const int Step = Units / PerPixel, Half = Step / 2;
    private readonly bool[] _points;

    private ShapeMask(int left, int top, int right, int bottom)
    {
        (Left, Top, Right, Bottom) = (left, top, right, bottom);
        _points = new bool[Width * (bottom - top)];
    }

    /// <summary>The first column of points.</summary>
    public int Left { get; }

    /// <summary>The first row.</summary>
    public int Top { get; }

    /// <summary>One past the last column.</summary>
    public int Right { get; }

    /// <summary>One past the last row.</summary>
    public int Bottom { get; }

    /// <summary>How many points belong to the shape.</summary>
    public int Count => _points.AsSpan().Count(true);

    private int Width => Right - Left;

    /// <summary>Whether a point belongs to the shape; false outside the mask.</summary>
    public bool this[int column, int row] => column >= Left && column < Right && row >= Top && row < Bottom && _points[((row - Top) * Width) + column - Left];

    /// <summary>The points inside an odd number of outlines.</summary>
    /// <param name="outlines">Closed outlines, in 64ths of a pixel.</param>
    public static ShapeMask Inside(IReadOnlyList<(int X, int Y)[]> outlines)
    {
        var corners = outlines.SelectMany(outline => outline).ToList();
        var mask = new ShapeMask(
            PointAtOrAfter(corners.Min(corner => corner.X)), PointAtOrAfter(corners.Min(corner => corner.Y)),
            PointAtOrAfter(corners.Max(corner => corner.X)), PointAtOrAfter(corners.Max(corner => corner.Y)));
        foreach (var outline in outlines)
        {
            for (int i = 0; i < outline.Length; i++)
            {
                mask.TurnOverRightOf(outline[i], outline[(i + 1) % outline.Length]);
            }
        }

        return mask;
    }

    /// <summary>The points of this mask that are near an outline.</summary>
    /// <param name="outlines">The outlines it was made from.</param>
    /// <param name="thickness">The largest distance, in 64ths of a pixel.</param>
    public ShapeMask Rim(IReadOnlyList<(int X, int Y)[]> outlines, int thickness)
    {
        var rim = new ShapeMask(Left, Top, Right, Bottom);
        foreach (var outline in outlines)
        {
            for (int i = 0; i < outline.Length; i++)
            {
                rim.AddNear(this, outline[i], outline[(i + 1) % outline.Length], thickness);
            }
        }

        return rim;
    }

    /// <summary>The part that lies in a picture and not in another mask; its edges are those of the points that are left.</summary>
    /// <param name="width">The picture's width, pixels.</param>
    /// <param name="height">The picture's height, pixels.</param>
    /// <param name="above">What hides points, or null.</param>
    public ShapeMask Seen(int width, int height, ShapeMask? above = null)
    {
        int left = Math.Clamp(Left, 0, width * PerPixel), right = Math.Clamp(Right, left, width * PerPixel);
        int top = Math.Clamp(Top, 0, height * PerPixel), bottom = Math.Clamp(Bottom, top, height * PerPixel);
        var seen = new ShapeMask(left, top, right, bottom);
        for (int row = top; row < bottom; row++)
        {
            Row(row)[(left - Left)..(right - Left)].CopyTo(seen.Row(row));
            if (above is null || row < above.Top || row >= above.Bottom)
            {
                continue;
            }

            Span<bool> mine = seen.Row(row), theirs = above.Row(row);
            for (int column = Math.Max(left, above.Left); column < Math.Min(right, above.Right); column++)
            {
                mine[column - left] &= !theirs[column - above.Left];
            }
        }

        return seen.Trimmed();
    }

    /// <summary>The share of a pixel that the shape covers, in 16ths.</summary>
    /// <param name="x">The pixel's column.</param>
    /// <param name="y">The pixel's row.</param>
    public int Cover(int x, int y)
    {
        int cover = 0;
        for (int row = y * PerPixel; row < (y + 1) * PerPixel; row++)
        {
            for (int column = x * PerPixel; column < (x + 1) * PerPixel; column++)
            {
                cover += this[column, row] ? 1 : 0;
            }
        }

        return cover;
    }

    private Span<bool> Row(int row) => _points.AsSpan((row - Top) * Width, Width);

    /// <summary>The same points without empty rows and columns at the edges.</summary>
    private ShapeMask Trimmed()
    {
        int left = Right, top = Bottom, right = Left, bottom = Top;
        for (int row = Top; row < Bottom; row++)
        {
            int first = Row(row).IndexOf(true);
            if (first >= 0)
            {
                (left, right) = (Math.Min(left, Left + first), Math.Max(right, Left + Row(row).LastIndexOf(true) + 1));
                (top, bottom) = (Math.Min(top, row), row + 1);
            }
        }

        if ((left, top, right, bottom) == (Left, Top, Right, Bottom))
        {
            return this;
        }

        var trimmed = new ShapeMask(Math.Min(left, right), Math.Min(top, bottom), right, bottom);
        for (int row = trimmed.Top; row < trimmed.Bottom; row++)
        {
            Row(row)[(trimmed.Left - Left)..(trimmed.Right - Left)].CopyTo(trimmed.Row(row));
        }

        return trimmed;
    }

    /// <summary>The first point whose middle is at a coordinate or after it.</summary>
    private static int PointAtOrAfter(long coordinate) => (int)CeilingOf(coordinate - Half, Step);

    private static long CeilingOf(long value, long divisor) => -FloorOf(-value, divisor);

    private static long FloorOf(long value, long divisor) => (value / divisor) - (value % divisor != 0 && (value < 0) != (divisor < 0) ? 1 : 0);

    /// <summary>Turns over every point to the right of an edge: after all edges, those inside are true.</summary>
    private void TurnOverRightOf((int X, int Y) a, (int X, int Y) b)
    {
        var (upper, lower) = a.Y <= b.Y ? (a, b) : (b, a);
        long run = lower.X - upper.X, rise = lower.Y - upper.Y;
        for (int row = PointAtOrAfter(upper.Y); row < PointAtOrAfter(lower.Y); row++)
        {
            long y = ((long)row * Step) + Half;

            // The first column whose middle is at x(y) = upper.X + run (y - upper.Y) / rise or after it, without a fraction.
            long first = CeilingOf((upper.X * rise) + (run * (y - upper.Y)) - (Half * rise), Step * rise);
            var points = Row(row);
            for (int i = (int)Math.Max(0, first - Left); i < points.Length; i++)
            {
                points[i] = !points[i];
            }
        }
    }

    private void AddNear(ShapeMask whole, (int X, int Y) a, (int X, int Y) b, int thickness)
    {
        int left = Math.Max(Left, PointAtOrAfter(Math.Min(a.X, b.X) - thickness)), right = Math.Min(Right, PointAtOrAfter(Math.Max(a.X, b.X) + thickness + 1L));
        int top = Math.Max(Top, PointAtOrAfter(Math.Min(a.Y, b.Y) - thickness)), bottom = Math.Min(Bottom, PointAtOrAfter(Math.Max(a.Y, b.Y) + thickness + 1L));
        long acrossX = b.X - a.X, acrossY = b.Y - a.Y, length = (acrossX * acrossX) + (acrossY * acrossY), reach = (long)thickness * thickness;
        for (int row = top; row < bottom; row++)
        {
            for (int column = left; column < right; column++)
            {
                if (!whole[column, row])
                {
                    continue;
                }

                // Coordinates of a picture's shape are below 2^14: no product below leaves 64 bits.
                long x = ((long)column * Step) + Half - a.X, y = ((long)row * Step) + Half - a.Y, along = (x * acrossX) + (y * acrossY);
                long side = (x * acrossY) - (y * acrossX);
                bool near = along <= 0 ? (x * x) + (y * y) <= reach
                    : along >= length ? ((x - acrossX) * (x - acrossX)) + ((y - acrossY) * (y - acrossY)) <= reach
                    : side * side <= reach * length;
                _points[((row - Top) * Width) + column - Left] |= near;
            }
        }
    }
}
