namespace DistillSharp.Tasks.Classification;

/// <summary>What a classifier scored on a set of samples.</summary>
public sealed record ClassificationScore
{
    /// <summary>The number of bins of the calibration error.</summary>
    public const int CalibrationBins = 15;

    /// <summary>The number of samples scored.</summary>
    public required int Count { get; init; }

    /// <summary>The number of samples whose most probable class is wrong.</summary>
    public required int Errors { get; init; }

    /// <summary>The share right, 0 to 1; of equal logits the first class counts.</summary>
    public required double Top1 { get; init; }

    /// <summary>The share whose true class is among the five most probable, 0 to 1.</summary>
    public required double Top5 { get; init; }

    /// <summary>The mean negative log-likelihood of the true class, in nats.</summary>
    public required double Nll { get; init; }

    /// <summary>The expected calibration error over 15 bins of equal width, 0 to 1 (arXiv:1706.04599).</summary>
    public required double CalibrationError { get; init; }

    /// <summary>Samples by true class (row) and predicted class (column).</summary>
    public required int[][] Confusion { get; init; }

    /// <summary>The share of samples on which this model and the teacher predict the same class, 0 to 1; null without a teacher.</summary>
    public double? Agreement { get; init; }

    /// <summary>Scores logits.</summary>
    /// <param name="logits">Logits, [N, C] row by row.</param>
    /// <param name="labels">N true classes, each 0 to C - 1.</param>
    /// <param name="classes">The number of classes C.</param>
    /// <param name="teacherPredictions">The teacher's N predicted classes, or empty.</param>
    /// <returns>The score.</returns>
    public static ClassificationScore Of(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classes, ReadOnlySpan<int> teacherPredictions = default)
    {
        if (labels.IsEmpty || logits.Length != (long)labels.Length * classes || (!teacherPredictions.IsEmpty && teacherPredictions.Length != labels.Length))
        {
            throw new ArgumentException($"{logits.Length} logits, {labels.Length} labels and {teacherPredictions.Length} teacher predictions of {classes} classes do not fit together.", nameof(logits));
        }

        int[][] confusion = [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
        double[] probabilities = new double[classes], binConfidence = new double[CalibrationBins];
        int[] binRight = new int[CalibrationBins];
        int right = 0, rightOfFive = 0, agreed = 0;
        double nll = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            var row = logits.Slice(i * classes, classes);
            int label = labels[i], best = Predict(row);
            SoftLabels.Softmax(row, 1, probabilities);
            confusion[label][best]++;
            right += best == label ? 1 : 0;
            rightOfFive += RankOf(row, label) < 5 ? 1 : 0;
            nll += LogSumExp(row) - row[label];
            int bin = Math.Min(CalibrationBins - 1, (int)(probabilities[best] * CalibrationBins));
            binConfidence[bin] += probabilities[best];
            binRight[bin] += best == label ? 1 : 0;
            agreed += !teacherPredictions.IsEmpty && teacherPredictions[i] == best ? 1 : 0;
        }

        double count = labels.Length;
        return new()
        {
            Count = labels.Length,
            Errors = labels.Length - right,
            Top1 = right / count,
            Top5 = rightOfFive / count,
            Nll = nll / count,
            CalibrationError = Enumerable.Range(0, CalibrationBins).Sum(bin => Math.Abs(binRight[bin] - binConfidence[bin])) / count,
            Confusion = confusion,
            Agreement = teacherPredictions.IsEmpty ? null : agreed / count,
        };
    }

    /// <summary>The most probable class: the first of the largest logits.</summary>
    /// <param name="logits">One sample's logits, [C].</param>
    /// <returns>The class.</returns>
    public static int Predict(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    /// <summary>The share of a true class that is right, 0 to 1; NaN where the class does not occur.</summary>
    /// <param name="label">The class.</param>
    /// <returns>The recall of the class.</returns>
    public double RecallOf(int label) => (double)Confusion[label][label] / Confusion[label].Sum();

    private static int RankOf(ReadOnlySpan<float> row, int label)
    {
        int rank = 0;
        for (int i = 0; i < row.Length; i++)
        {
            rank += row[i] > row[label] || (row[i] == row[label] && i < label) ? 1 : 0;
        }

        return rank;
    }

    private static double LogSumExp(ReadOnlySpan<float> row)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (float value in row)
        {
            max = Math.Max(max, value);
        }

        foreach (float value in row)
        {
            sum += Math.Exp(value - max);
        }

        return max + Math.Log(sum);
    }
}
