namespace DistillSharp.Tasks.Detection.Metrics;

/// <summary>Sampled curves: linear interpolation, area, smoothing.</summary>
internal static class Curve
{
    /// <summary>Points from 0 to 1, both included.</summary>
    public static double[] Axis(int count) => [.. Enumerable.Range(0, count).Select(i => i == count - 1 ? 1 : i * (1.0 / (count - 1)))];

    /// <summary>A curve at a place: linear between its points, of equal places the last one counts.</summary>
    /// <param name="places">The points' places, never falling.</param>
    /// <param name="values">The points' values.</param>
    /// <param name="at">The place.</param>
    /// <param name="before">What holds before the first point.</param>
    public static double At(ReadOnlySpan<double> places, ReadOnlySpan<double> values, double at, double before)
    {
        int low = 0, high = places.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = places[middle] <= at ? (middle + 1, high) : (low, middle);
        }

        int last = low - 1;
        return last < 0 ? before
            : last == places.Length - 1 || places[last] == at ? values[last]
            : values[last] + ((values[last + 1] - values[last]) / (places[last + 1] - places[last]) * (at - places[last]));
    }

    /// <summary>The mean over a window around each point, the ends repeated.</summary>
    public static double[] Smooth(double[] values, int window)
    {
        int half = window / 2;
        double[] smooth = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double sum = 0;
            for (int j = i - half; j <= i + half; j++)
            {
                sum += values[Math.Clamp(j, 0, values.Length - 1)];
            }

            smooth[i] = sum / window;
        }

        return smooth;
    }
}
