using System.Globalization;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Classification;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime;

/// <summary>Scores a model on samples: one code for the student in training, the file and every compressed variant.</summary>
public static class Evaluator
{
    /// <summary>Runs a model over every sample, in order, and scores it.</summary>
    /// <param name="session">The model.</param>
    /// <param name="source">The samples.</param>
    /// <param name="options">How to load them; order and augmentation are ignored.</param>
    /// <param name="teacherPredictions">The teacher's predicted class of each sample, for the agreement; empty for none.</param>
    /// <param name="progress">Told the number of samples done.</param>
    /// <param name="order">Which of the model's classes is which of the data's; null to take them by number, whatever their number is.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>The answers and the score, in the data's classes.</returns>
    /// <exception cref="DataException">The model's classes do not fit the samples'.</exception>
    public static Evaluation Evaluate(
        ModelSession session,
        ISampleSource source,
        BatchLoaderOptions options,
        ReadOnlySpan<int> teacherPredictions = default,
        IProgress<int>? progress = null,
        ClassOrder? order = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        var loader = new BatchLoader(source, options with { Shuffle = false, DropLast = false, Augmentations = [] });
        var logits = new List<float>(source.Count * (session.ClassCount ?? 10));
        var labels = new List<int>(source.Count);
        int classes = 0;
        foreach (var batch in loader.Epoch(0, 0, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            var (channels, height, width) = batch.Shape;
            var (values, shape) = session.Run(batch.Pixels, [batch.Count, channels, height, width]);
            classes = values.Length / batch.Count;
            if (shape.Length != 2 || shape[0] != batch.Count)
            {
                throw new DataException(DetectorRecognition.Refusal(session) ?? $"The model's output '{session.OutputNames[0]}' is [{string.Join(", ", shape)}] for {batch.Count} pictures; a classifier answers [{batch.Count}, classes].");
            }

            if (order is not null && classes != order.FromModel.Count)
            {
                string named = session.Card is { } card && card.ClassNames.Count != classes ? string.Create(CultureInfo.InvariantCulture, $" (its card names {card.ClassNames.Count})") : "";
                throw new DataException(string.Create(CultureInfo.InvariantCulture, $"The model tells {classes} classes apart{named}, but the data has {order.FromModel.Count}. Use a model that was trained on these classes, or data whose classes are the model's."));
            }

            foreach (long label in batch.Labels.Span[..batch.Count])
            {
                if (label >= classes)
                {
                    throw new DataException($"The model tells {classes} classes apart, but the data has a sample of class {label}. Use a model with the data's classes.");
                }

                labels.Add((int)label);
            }

            logits.AddRange(values);
            progress?.Report(labels.Count);
        }

        if (labels.Count == 0)
        {
            throw new DataException($"None of the {source.Count} samples can be decoded: {string.Join("; ", loader.BadSamples.Take(3))}");
        }

        float[] answers = [.. logits];
        if (order is { IsIdentity: false })
        {
            order.Apply(answers);
        }

        int[] truth = [.. labels];
        bool probabilities = ProbabilityAnswers.Are(answers, classes);
        if (probabilities)
        {
            ProbabilityAnswers.ToLogits(answers);
        }

        return new(answers, truth, classes, ClassificationScore.Of(answers, truth, classes, teacherPredictions), loader.BadSamples) { FromProbabilities = probabilities };
    }
}
