using DistillSharp.Tasks;

namespace DistillSharp.Training;

/// <summary>Lets the learning rate fall in a straight line over the run.</summary>
/// <param name="options">The options.</param>
[Plugin("linear", "Falls in a straight line")]
public sealed class LinearSchedule(LinearScheduleOptions options) : Schedule
{
    /// <inheritdoc/>
    public override double FactorAt(double progress, int epoch) => 1 - ((1 - options.FinalFactor) * progress);
}

/// <summary>The options of <see cref="LinearSchedule"/>.</summary>
public sealed record LinearScheduleOptions
{
    /// <summary>The factor the rate falls to, 0 up to 1. Default 0.01.</summary>
    public double FinalFactor
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(FinalFactor), value, "The final factor must be from 0 to 1; 0.01 in practice.");
    } = 0.01;
}
