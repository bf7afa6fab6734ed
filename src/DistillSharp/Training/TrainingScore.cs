namespace DistillSharp.Training;

/// <summary>What a model scored on held-out pictures.</summary>
/// <param name="Score">What chooses the best epoch, higher is better: top-1 of a classifier, fitness of a detector.</param>
/// <param name="Loss">The held-out loss, lower is better: it decides between equal scores.</param>
/// <param name="Measures">All that was measured, by the names that <c>results.csv</c> gives it.</param>
internal sealed record TrainingScore(double Score, double Loss, IReadOnlyDictionary<string, double> Measures);
