namespace DistillSharp.Tasks.Classification;

/// <summary>
/// Answers of models that end in a Softmax. A softmax of probabilities would be nearly flat; their logarithms are logits of just these probabilities,
/// at every temperature: <c>softmax(log(softmax(z)) / T) = softmax(z / T)</c>.
/// </summary>
public static class ProbabilityAnswers
{
    /// <summary>How far a row's sum may be from 1: what float16 makes of it.</summary>
    private const double SumTolerance = 1e-3;

    /// <summary>Whether answers are probabilities: every row holds numbers of 0 to 1 that sum to 1.</summary>
    /// <param name="answers">A model's answers, [N, C] row by row.</param>
    /// <param name="classes">The number of classes C; with one class nothing can be told.</param>
    public static bool Are(ReadOnlySpan<float> answers, int classes)
    {
        if (classes < 2 || answers.Length < classes)
        {
            return false;
        }

        for (int start = 0; start < answers.Length; start += classes)
        {
            double sum = 0;
            foreach (float value in answers.Slice(start, classes))
            {
                if (value is not (>= 0 and <= 1 + (float)SumTolerance))
                {
                    return false;
                }

                sum += value;
            }

            if (Math.Abs(sum - 1) > SumTolerance)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Turns probabilities into logits: their logarithms.</summary>
    /// <param name="answers">The probabilities; they are changed. One that was rounded to 0 counts as the smallest number there is.</param>
    public static void ToLogits(Span<float> answers)
    {
        foreach (ref float value in answers)
        {
            value = MathF.Log(Math.Max(value, float.Epsilon));
        }
    }
}
