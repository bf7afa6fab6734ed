using DistillSharp.Tasks;

namespace DistillSharp.Training;

/// <summary>Rises in a straight line to the full value over the first epochs, a step an epoch: epoch 1 of 20 is 1/20. How ReviewKD and DKD weigh their losses.</summary>
/// <param name="options">The options.</param>
[Plugin("warm-up", "Rises in a straight line over the first epochs")]
public sealed class WarmUpSchedule(WarmUpScheduleOptions options) : Schedule
{
    /// <inheritdoc/>
    public override double FactorAt(double progress, int epoch) => Math.Min(1, (epoch + 1.0) / options.Epochs);
}

/// <summary>The options of <see cref="WarmUpSchedule"/>.</summary>
public sealed record WarmUpScheduleOptions
{
    /// <summary>The epochs it rises over, 1 or more. Default 20.</summary>
    public int Epochs
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Epochs), value, "The warm-up takes 1 epoch or more; 20 in practice.");
    } = 20;
}
