namespace DistillSharp.Tasks.Classification;

/// <summary>Turns logits into probabilities.</summary>
public static class SoftLabels
{
    /// <summary>The softmax of logits at a temperature, in float64.</summary>
    /// <param name="logits">One sample's logits, [C].</param>
    /// <param name="temperature">The temperature T, above 0: 1 gives the model's own probabilities, more makes them softer.</param>
    /// <param name="probabilities">Filled with C probabilities that sum to 1.</param>
    public static void Softmax(ReadOnlySpan<float> logits, double temperature, Span<double> probabilities)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        double max = double.NegativeInfinity, sum = 0;
        foreach (float logit in logits)
        {
            max = Math.Max(max, logit);
        }

        for (int i = 0; i < logits.Length; i++)
        {
            sum += probabilities[i] = Math.Exp((logits[i] - max) / temperature);
        }

        for (int i = 0; i < logits.Length; i++)
        {
            probabilities[i] /= sum;
        }
    }

    /// <summary>The mean probability of every class for each true class: what a teacher thinks the classes have in common.</summary>
    /// <param name="logits">Logits, [N, C] row by row.</param>
    /// <param name="labels">N true classes.</param>
    /// <param name="classes">The number of classes C.</param>
    /// <param name="temperature">The temperature.</param>
    /// <returns>[C, C]: row = true class, column = class; rows of absent classes are zero.</returns>
    public static double[][] MeanByClass(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classes, double temperature)
    {
        double[][] mean = [.. Enumerable.Range(0, classes).Select(_ => new double[classes])];
        int[] counts = new int[classes];
        double[] one = new double[classes];
        for (int i = 0; i < labels.Length; i++)
        {
            Softmax(logits.Slice(i * classes, classes), temperature, one);
            counts[labels[i]]++;
            for (int j = 0; j < classes; j++)
            {
                mean[labels[i]][j] += one[j];
            }
        }

        for (int i = 0; i < classes; i++)
        {
            for (int j = 0; j < classes && counts[i] > 0; j++)
            {
                mean[i][j] /= counts[i];
            }
        }

        return mean;
    }
}
