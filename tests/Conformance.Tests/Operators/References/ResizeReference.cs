namespace Conformance.Tests.Operators.References;

/// <summary>Resize from its definition, slowly: every new element as one weighted sum over all old ones, in float64.</summary>
internal sealed record ResizeReference(string Mode, string Coordinates, string Rounding, double Cubic, bool ExcludesOutside, bool Antialiases, double Beyond)
{
    /// <summary>The new elements.</summary>
    /// <param name="x">The old ones.</param>
    /// <param name="from">Their sizes.</param>
    /// <param name="to">The new sizes.</param>
    /// <param name="scales">The scale of every axis.</param>
    /// <param name="regions">The part of every axis that is read, in shares of it.</param>
    public double[] Compute(double[] x, long[] from, long[] to, double[] scales, (double Start, double End)[] regions)
    {
        // One row of weights for every new place of an axis, or null where the place lies outside.
        double[]?[][] weights = [.. from.Select((size, axis) => Enumerable.Range(0, (int)to[axis]).Select(i => Weights(i, size, to[axis], scales[axis], regions[axis])).ToArray())];
        double[] y = new double[to.Aggregate(1L, (product, size) => product * size)];
        for (int place = 0; place < y.Length; place++)
        {
            int[] at = Places(place, to);
            var rows = at.Select((i, axis) => weights[axis][i]).ToList();
            y[place] = rows.Contains(null) ? Beyond : x.Select((value, old) => value * Places(old, from).Select((k, axis) => rows[axis]![k]).Aggregate(1.0, (product, weight) => product * weight)).Sum();
        }

        return y;
    }

    private static int[] Places(int place, long[] sizes)
    {
        int[] at = new int[sizes.Length];
        for (int axis = sizes.Length - 1; axis >= 0; axis--)
        {
            (place, at[axis]) = (place / (int)sizes[axis], place % (int)sizes[axis]);
        }

        return at;
    }

    private double[]? Weights(int i, long size, long resized, double scale, (double Start, double End) region)
    {
        double[] row = new double[size];
        double x = Old(i, size, resized, scale, region);
        if (Coordinates == "tf_crop_and_resize" && (x < 0 || x > size - 1))
        {
            return null;
        }

        if (Mode == "nearest")
        {
            double below = Math.Floor(x), part = x - below;
            bool up = Rounding switch { "floor" => false, "ceil" => part > 0, "round_prefer_floor" => part > 0.5, _ => part >= 0.5 };
            row[(int)Math.Clamp(below + (up ? 1 : 0), 0, size - 1)] = 1;
            return row;
        }

        double narrow = Antialiases ? Math.Min(1, scale) : 1, reach = (Mode == "cubic" ? 2 : 1) / narrow, sum = 0;
        for (long k = (long)Math.Floor(x - reach); k <= (long)Math.Ceiling(x + reach); k++)
        {
            if (ExcludesOutside && (k < 0 || k >= size))
            {
                continue;
            }

            double weight = Kernel(Math.Abs(k - x) * narrow);
            row[Math.Clamp(k, 0, size - 1)] += weight;
            sum += weight;
        }

        return [.. row.Select(weight => weight / sum)];
    }

    private double Old(int i, long size, long resized, double scale, (double Start, double End) region) => Coordinates switch
    {
        "half_pixel" => ((i + 0.5) / scale) - 0.5,
        "half_pixel_symmetric" => (size / 2.0 * (1 - (resized / (scale * size)))) + ((i + 0.5) / scale) - 0.5,
        "pytorch_half_pixel" => resized > 1 ? ((i + 0.5) / scale) - 0.5 : 0,
        "align_corners" => resized > 1 ? i * (size - 1.0) / ((size * scale) - 1) : 0,
        "asymmetric" => i / scale,
        _ => resized > 1 ? (region.Start + (i * (region.End - region.Start) / (resized - 1))) * (size - 1) : 0.5 * (region.Start + region.End) * (size - 1),
    };

    private double Kernel(double d) =>
        Mode == "linear" ? Math.Max(0, 1 - d)
        : d <= 1 ? ((Cubic + 2) * d * d * d) - ((Cubic + 3) * d * d) + 1
        : d < 2 ? (Cubic * d * d * d) - (5 * Cubic * d * d) + (8 * Cubic * d) - (4 * Cubic)
        : 0;
}
