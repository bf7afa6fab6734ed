using DistillSharp.Tasks;

namespace DistillSharp.Training;

/// <summary>Multiplies the learning rate by a factor at given epochs.</summary>
/// <param name="options">The options.</param>
[Plugin("step", "Multiplies the learning rate at given epochs")]
public sealed class StepSchedule(StepScheduleOptions options) : Schedule
{
    /// <inheritdoc/>
    public override double FactorAt(double progress, int epoch) => Math.Pow(options.Gamma, options.Milestones.Count(milestone => epoch >= milestone));
}

/// <summary>The options of <see cref="StepSchedule"/>.</summary>
public sealed record StepScheduleOptions
{
    /// <summary>The epochs after which the rate falls, rising, each 1 or more. Default 150, 180, 210: the published CIFAR schedule of 240.</summary>
    public IReadOnlyList<int> Milestones
    {
        get;
        init => field = value.All(milestone => milestone > 0) && value.SequenceEqual(value.Order().Distinct())
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Milestones), $"[{string.Join(", ", value)}]", "The milestones must be epochs of 1 or more, rising.");
    } = [150, 180, 210];

    /// <summary>The factor at each milestone, above 0 up to 1. Default 0.1.</summary>
    public double Gamma
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Gamma), value, "The factor at a milestone must be above 0 and at most 1; 0.1 in practice.");
    } = 0.1;
}
