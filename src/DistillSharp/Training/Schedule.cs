namespace DistillSharp.Training;

/// <summary>The learning rate over a run, as a factor of the optimiser's own. One plug-in a class.</summary>
public abstract class Schedule
{
    /// <summary>The factor at a step.</summary>
    /// <param name="progress">How much of the run is done, 0 up to 1, measured in epochs with fractions.</param>
    /// <param name="epoch">The 0-based epoch.</param>
    /// <returns>The factor, 0 or more.</returns>
    public abstract double FactorAt(double progress, int epoch);
}
