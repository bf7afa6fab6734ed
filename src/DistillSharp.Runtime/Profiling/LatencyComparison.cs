using System.Diagnostics;

namespace DistillSharp.Runtime.Profiling;

/// <summary>Times two models by turns at batch 1, so that what else the machine does disturbs both alike.</summary>
/// <param name="First">The median time of the first, milliseconds.</param>
/// <param name="Second">The median time of the second, milliseconds.</param>
/// <param name="Speedup">How many times as fast the second is: the median over the turns, with its 95 % interval.</param>
public sealed record LatencyComparison(double First, double Second, PairedRatio Speedup)
{
    private const int WarmUps = 10, LeastRuns = 30, MostRuns = 500;
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(2);

    /// <summary>What a user should know where the second is an INT8 form of the first and clearly slower on this machine: its whole interval is; null otherwise.</summary>
    public string? Warning => Speedup.High >= 1 ? null : FormattableString.Invariant(
        $"here INT8 is slower than float ({Second:0.000} ms against {First:0.000} ms, {Speedup} times as fast). The file is smaller all the same; for another processor name it with --target.");

    /// <summary>Times two models of one input shape.</summary>
    /// <param name="first">The one.</param>
    /// <param name="second">The other.</param>
    /// <param name="cancellation">Stops the measurement.</param>
    public static LatencyComparison Measure(ModelSession first, ModelSession second, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var (input, shape) = LatencyProbe.Noise(first, first.InputShape[0] ?? 1);
        var (a, b) = (new List<double>(), new List<double>());
        var total = new Stopwatch();
        for (int run = -WarmUps; run < LeastRuns || (total.Elapsed < s_budget && run < MostRuns); run++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (run == 0)
            {
                total.Start();
                a.Clear();
                b.Clear();
            }

            a.Add(Time(first, input, shape));
            b.Add(Time(second, input, shape));
        }

        return new(Median(a), Median(b), Distribution.Ratio(a, b));
    }

    private static double Time(ModelSession session, float[] input, long[] shape)
    {
        var clock = Stopwatch.StartNew();
        session.Run(input, shape);
        return clock.Elapsed.TotalMilliseconds;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
