using DistillSharp.Tasks;

namespace DistillSharp.Losses.Temperatures;

/// <summary>Goes in a straight line from the loss's own temperature to another: down to 1 it anneals (Jafari et al., arXiv:2104.07163).</summary>
/// <param name="options">The options.</param>
[Plugin("linear", "Goes in a straight line to another temperature (annealing, arXiv:2104.07163)")]
public sealed class LinearTemperature(LinearTemperatureOptions options) : TemperatureSchedule
{
    /// <inheritdoc/>
    public override double At(double temperature, double progress, int epoch) => temperature + ((options.Final - temperature) * Math.Clamp(progress, 0, 1));
}

/// <summary>The options of <see cref="LinearTemperature"/>.</summary>
public sealed record LinearTemperatureOptions
{
    /// <summary>The temperature at the end of the run, above 0. Default 1.</summary>
    public double Final
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Final), value, "The final temperature must be above 0; 1 in practice.");
    } = 1;
}
