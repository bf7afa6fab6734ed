using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Feature;

/// <summary>Losses that are a weighted sum over pairs of features.</summary>
internal static class FeaturePairs
{
    /// <summary>The weighted sum of a term over all pairs.</summary>
    /// <param name="inputs">The batch.</param>
    /// <param name="weights">A weight for each pair; empty for 1.</param>
    /// <param name="term">The term of a student's and a teacher's feature.</param>
    public static Tensor Sum(LossInputs inputs, IReadOnlyList<double> weights, Func<Tensor, Tensor, Tensor> term)
    {
        Tensor? total = null;
        for (int i = 0; i < inputs.StudentFeatures.Count; i++)
        {
            total = Add(total, term(inputs.StudentFeatures[i], inputs.TeacherFeatures[i]), weights.Count == 0 ? 1 : weights[i]);
        }

        return total!;
    }

    /// <summary>A sum with one more weighted term.</summary>
    /// <param name="total">The sum so far; null for none.</param>
    /// <param name="term">The term.</param>
    /// <param name="weight">Its weight.</param>
    public static Tensor Add(Tensor? total, Tensor term, double weight)
    {
        var weighted = weight == 1 ? term : term.mul(Number.Of(weight));
        return total is null ? weighted : total.Plus(weighted);
    }

    /// <summary>Weights that can be used; the others are refused.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="option">The option's name.</param>
    public static IReadOnlyList<double> Checked(IReadOnlyList<double> weights, string option)
    {
        ArgumentNullException.ThrowIfNull(weights, option);
        foreach (double weight in weights)
        {
            if (!(weight >= 0) || !double.IsFinite(weight))
            {
                throw new ArgumentOutOfRangeException(option, weight, "The weight of a pair must be 0 or more; 1 in practice.");
            }
        }

        return weights;
    }

    /// <summary>Refuses a number of weights that is not the number of pairs.</summary>
    /// <param name="loss">The loss's name.</param>
    /// <param name="weights">The weights; empty fits every number.</param>
    /// <param name="pairs">The number of pairs.</param>
    public static void Require(string loss, IReadOnlyList<double> weights, int pairs)
    {
        if (weights.Count > 0 && weights.Count != pairs)
        {
            throw new ArgumentException($"{loss} has {weights.Count} pair weights for {pairs} pairs. Give one for each pair, or none.");
        }
    }
}
