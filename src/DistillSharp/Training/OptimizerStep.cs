namespace DistillSharp.Training;

/// <summary>How large one step of an optimiser is, and which.</summary>
/// <param name="LearningRate">The learning rate, the schedule's factor included.</param>
/// <param name="Number">How many steps were taken before it: 0 for the first.</param>
public readonly record struct OptimizerStep(double LearningRate, long Number)
{
    /// <summary>The learning rate of biases, or null for the same: a warm-up may let them run ahead.</summary>
    public double? BiasLearningRate { get; init; }

    /// <summary>The momentum, or null for the optimiser's own: a warm-up may begin with less.</summary>
    public double? Momentum { get; init; }
}
