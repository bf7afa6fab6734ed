using DistillSharp.Tasks;

namespace DistillSharp.Losses.Temperatures;

/// <summary>The loss's own temperature throughout.</summary>
[Plugin("constant", "One temperature throughout")]
public sealed class ConstantTemperature : TemperatureSchedule
{
    /// <inheritdoc/>
    public override double At(double temperature, double progress, int epoch) => temperature;
}
