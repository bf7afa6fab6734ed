using System.Diagnostics;

namespace DistillSharp.Benchmarks;

/// <summary>Times two ways of doing one thing, interleaved, so that the machine's noise falls on both.</summary>
internal static class PairedTiming
{
    /// <summary>Times pairs in alternating order.</summary>
    /// <param name="rounds">The number of pairs.</param>
    /// <param name="ours">One run of ours.</param>
    /// <param name="theirs">One run of the other.</param>
    /// <returns>The times in milliseconds and the ratio of each pair.</returns>
    public static (double[] Ours, double[] Theirs, double[] Ratios) Run(int rounds, Action ours, Action theirs)
    {
        ours();
        theirs();
        double[] a = new double[rounds], b = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            if (i % 2 == 0)
            {
                a[i] = Time(ours);
                b[i] = Time(theirs);
            }
            else
            {
                b[i] = Time(theirs);
                a[i] = Time(ours);
            }
        }

        return (a, b, [.. a.Zip(b, (x, y) => x / y)]);
    }

    /// <summary>Median, and the quarter below and above it.</summary>
    /// <param name="values">The values.</param>
    public static (double Low, double Median, double High) Quartiles(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 4], sorted[sorted.Length / 2], sorted[3 * sorted.Length / 4]);
    }

    private static double Time(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalMilliseconds;
    }
}
