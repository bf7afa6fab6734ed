namespace DistillSharp.Training;

/// <summary>What a model scored on held-out pictures.</summary>
/// <param name="Score">What chooses the best epoch, higher is better: top-1 of a classifier, fitness of a detector.</param>
/// <param name="Loss">The held-out loss, lower is better: it decides between equal scores.</param>
/// <param name="Measures">All that was measured, by the names that <c>results.csv</c> gives it.</param>
/// <param name="Error">The standard error of the score: √(p(1 - p)/n) of a classifier; null for a detector, whose fitness has none in closed form.</param>
internal sealed record TrainingScore(double Score, double Loss, IReadOnlyDictionary<string, double> Measures, double? Error = null)
{
    /// <summary>What chooses the epoch.</summary>
    /// <param name="score">A score; null where the epoch was not evaluated.</param>
    public static HeldOutScore Choosing(TrainingScore? score) => new(score?.Score, score?.Loss, score?.Error);
}
