using DistillSharp.Tasks.Classification;

namespace DistillSharp.Runtime;

/// <summary>A model's answers to a set of samples, and what they scored.</summary>
/// <param name="Logits">Logits, [N, C] row by row, in the samples' order.</param>
/// <param name="Labels">N true classes.</param>
/// <param name="ClassCount">The number of classes C.</param>
/// <param name="Score">The score.</param>
/// <param name="BadSamples">The undecodable samples that were skipped.</param>
public sealed record Evaluation(float[] Logits, int[] Labels, int ClassCount, ClassificationScore Score, IReadOnlyList<string> BadSamples)
{
    /// <summary>Whether the model answers probabilities; the logits are then their logarithms.</summary>
    public bool FromProbabilities { get; init; }

    /// <summary>The predicted class of each sample.</summary>
    public int[] Predictions => [.. Enumerable.Range(0, Labels.Length).Select(i => ClassificationScore.Predict(Logits.AsSpan(i * ClassCount, ClassCount)))];
}
