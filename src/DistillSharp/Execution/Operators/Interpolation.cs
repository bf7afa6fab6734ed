namespace DistillSharp.Execution.Operators;

/// <summary>How a Resize maps one axis: which old elements make a new one.</summary>
internal sealed record Interpolation
{
    /// <summary>Before opset 11 a larger result rounds places down and a smaller one up.</summary>
    public const string Outwards = "outwards";

    /// <summary>nearest, linear or cubic.</summary>
    public required string Mode { get; init; }

    /// <summary>How a new place is an old one.</summary>
    public required string Coordinates { get; init; }

    /// <summary>How a place between two is nearest to one: one of ONNX's four ways, or <see cref="Outwards"/>.</summary>
    public required string Rounding { get; init; }

    /// <summary>The coefficient of the cubic.</summary>
    public double CubicCoefficient { get; init; } = -0.75;

    /// <summary>Whether elements beyond the edge count nothing, instead of as the edge.</summary>
    public bool ExcludeOutside { get; init; }

    /// <summary>Whether a smaller result averages over what it leaves out.</summary>
    public bool Antialias { get; init; }

    /// <summary>The taps of one axis.</summary>
    /// <param name="size">The old size.</param>
    /// <param name="resized">The new size.</param>
    /// <param name="scale">The scale, as stated.</param>
    /// <param name="region">The part of the axis that tf_crop_and_resize reads, in shares of it.</param>
    public AxisTaps Taps(long size, long resized, double scale, (double Start, double End) region)
    {
        double[] places = [.. Enumerable.Range(0, checked((int)resized)).Select(i => Place(i, size, resized, scale, region))];
        bool[]? outside = Coordinates == "tf_crop_and_resize" ? [.. places.Select(place => place < 0 || place > size - 1)] : null;
        if (Mode == "nearest")
        {
            return new(1, [[.. places.Select(place => Math.Clamp((long)Nearest(place, scale), 0, size - 1))]], null, outside);
        }

        double reach = Mode == "cubic" ? 2 : 1, shrink = Antialias ? Math.Min(scale, 1) : 1;
        int first = (int)Math.Floor(-reach / shrink) + 1, count = 2 - (2 * first);
        long[][] picks = [.. Enumerable.Range(0, count).Select(_ => new long[resized])];
        double[][] factors = [.. Enumerable.Range(0, count).Select(_ => new double[resized])];
        for (int i = 0; i < resized; i++)
        {
            double left = Math.Floor(places[i]), sum = 0;
            for (int tap = 0; tap < count; tap++)
            {
                long pick = (long)left + first + tap;
                bool beyond = pick < 0 || pick >= size;
                double factor = beyond && ExcludeOutside ? 0 : Weight((first + tap - (places[i] - left)) * shrink);
                picks[tap][i] = Math.Clamp(pick, 0, size - 1);
                factors[tap][i] = factor;
                sum += factor;
            }

            for (int tap = 0; tap < count; tap++)
            {
                factors[tap][i] /= sum;
            }
        }

        return new(count, picks, factors, outside);
    }

    private double Place(int i, long size, long resized, double scale, (double Start, double End) region) => Coordinates switch
    {
        "asymmetric" => i / scale,
        "pytorch_half_pixel" => resized > 1 ? ((i + 0.5) / scale) - 0.5 : 0,

        // ONNX divides by the length before it is cut to a whole number; ONNX Runtime by the one after.
        "align_corners" => resized > 1 ? i * (size - 1) / ((scale * size) - 1) : 0,
        "tf_half_pixel_for_nn" => (i + 0.5) / scale,
        "tf_crop_and_resize" => resized > 1
            ? (region.Start * (size - 1)) + (i * (region.End - region.Start) * (size - 1) / (resized - 1))
            : 0.5 * (region.Start + region.End) * (size - 1),
        "half_pixel_symmetric" => (size / 2.0 * (1 - (resized / (scale * size)))) + ((i + 0.5) / scale) - 0.5,
        _ => ((i + 0.5) / scale) - 0.5,
    };

    private double Nearest(double place, double scale) => Rounding switch
    {
        Outwards => scale < 1 ? Math.Ceiling(place) : Math.Floor(place),
        "round_prefer_ceil" => Math.Floor(place + 0.5),
        "floor" => Math.Floor(place),
        "ceil" => Math.Ceiling(place),
        _ => Math.Ceiling(place - 0.5),
    };

    private double Weight(double distance)
    {
        double x = Math.Abs(distance), a = CubicCoefficient;
        return Mode != "cubic" ? Math.Max(0, 1 - x)
            : x <= 1 ? ((((a + 2) * x) - (a + 3)) * x * x) + 1
            : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * a
            : 0;
    }
}
