namespace DistillSharp.Training;

/// <summary>A column of <c>results.csv</c>.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Value">What it says of an epoch; null for nothing.</param>
public sealed record ResultColumn(string Name, Func<EpochResult, double?> Value)
{
    /// <summary>The columns of a classifier.</summary>
    /// <param name="terms">The keys of the loss's terms.</param>
    /// <param name="distilled">Whether there are several terms, whose weights and gradients are told too.</param>
    public static IReadOnlyList<ResultColumn> OfClassifier(IReadOnlyList<string> terms, bool distilled = false) =>
    [
        new("epoch", result => result.EpochNumber),
        new("step", result => result.Step),
        new("loss", result => result.Loss),
        new("train_accuracy", result => result.TrainAccuracy),
        new("learning_rate", result => result.LearningRate),
        new("val_accuracy", result => result.ValidationScore),
        new("val_loss", result => result.ValidationLoss),
        new("train_seconds", result => result.TrainSeconds),
        new("val_seconds", result => result.ValidationSeconds),
        new("images_per_second", result => result.ImagesPerSecond),
        .. OfTerms("loss", terms, result => result.Terms),
        .. distilled ? OfTerms("weighted", terms, result => result.WeightedTerms) : [],
        .. distilled ? OfTerms("gradient", terms, result => result.GradientNorms) : [],
    ];

    private static IEnumerable<ResultColumn> OfTerms(string prefix, IEnumerable<string> terms, Func<EpochResult, IReadOnlyDictionary<string, double>> values) =>
        terms.Order(StringComparer.Ordinal).Select(term => new ResultColumn($"{prefix}_{term}", result => values(result).TryGetValue(term, out double value) ? value : null));
}
