using DistillSharp.Tasks;
using DistillSharp.Training;

namespace DistillSharp.Tests.Plugins;

/// <summary>A user's own schedule.</summary>
[Plugin("own-half", "Half the learning rate, always")]
public sealed class OwnHalfSchedule : Schedule
{
    /// <inheritdoc/>
    public override double FactorAt(double progress, int epoch) => 0.5;
}
