namespace DistillSharp.Training;

/// <summary>Where in a run a batch stands: what schedules and random numbers are functions of.</summary>
/// <param name="Progress">How much of the run is done, 0 up to 1.</param>
/// <param name="Epoch">The 0-based epoch.</param>
/// <param name="Step">The 0-based step.</param>
public readonly record struct TrainingMoment(double Progress, int Epoch, long Step);
