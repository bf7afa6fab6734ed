using DistillSharp.Tasks;

namespace DistillSharp.Training;

/// <summary>Rises to the learning rate and falls far below it, both along half a cosine (Smith, arXiv:1708.07120).</summary>
/// <param name="options">The options.</param>
[Plugin("one-cycle", "Rises, then falls far below where it began (arXiv:1708.07120)")]
public sealed class OneCycleSchedule(OneCycleScheduleOptions options) : Schedule
{
    /// <inheritdoc/>
    public override double FactorAt(double progress, int epoch)
    {
        double start = 1 / options.StartDivisor, end = start / options.FinalDivisor;
        return progress < options.RiseShare
            ? Between(start, 1, progress / options.RiseShare)
            : Between(1, end, (progress - options.RiseShare) / (1 - options.RiseShare));
    }

    private static double Between(double from, double to, double share) => to + ((from - to) * 0.5 * (1 + Math.Cos(Math.PI * share)));
}

/// <summary>The options of <see cref="OneCycleSchedule"/>; the defaults are PyTorch's.</summary>
public sealed record OneCycleScheduleOptions
{
    /// <summary>The share of the run in which the rate rises, above 0 and below 1. Default 0.3.</summary>
    public double RiseShare
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(RiseShare), value, "The rising share must be above 0 and below 1; 0.3 in practice.");
    } = 0.3;

    /// <summary>The learning rate divided by the first one, 1 or more. Default 25.</summary>
    public double StartDivisor
    {
        get;
        init => field = value >= 1 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(StartDivisor), value, "The starting divisor must be 1 or more; 25 in practice.");
    } = 25;

    /// <summary>The first learning rate divided by the last one, 1 or more. Default 10000.</summary>
    public double FinalDivisor
    {
        get;
        init => field = value >= 1 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(FinalDivisor), value, "The final divisor must be 1 or more; 10000 in practice.");
    } = 1e4;
}
