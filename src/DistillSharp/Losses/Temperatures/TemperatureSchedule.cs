namespace DistillSharp.Losses.Temperatures;

/// <summary>The temperature over a run. One plug-in a class.</summary>
public abstract class TemperatureSchedule
{
    /// <summary>The temperature at a point of the run.</summary>
    /// <param name="temperature">The loss's own temperature.</param>
    /// <param name="progress">How much of the run is done, 0 up to 1.</param>
    /// <param name="epoch">The 0-based epoch.</param>
    /// <returns>The temperature, above 0.</returns>
    public abstract double At(double temperature, double progress, int epoch);
}
