using System.Numerics;
using DistillSharp.Tasks.Classification;

namespace DistillSharp.Reports;

/// <summary>Which test samples a model gets right, a bit a sample: enough to pair it with any other model that was scored on the same ones.</summary>
internal static class RightAnswers
{
    /// <summary>Packs answers; the first sample is the lowest bit of the first byte.</summary>
    /// <param name="labels">The true classes.</param>
    /// <param name="predictions">The predicted classes.</param>
    public static byte[] Pack(ReadOnlySpan<int> labels, ReadOnlySpan<int> predictions)
    {
        byte[] bits = new byte[(labels.Length + 7) / 8];
        for (int i = 0; i < labels.Length; i++)
        {
            bits[i / 8] |= (byte)((labels[i] == predictions[i] ? 1 : 0) << (i % 8));
        }

        return bits;
    }

    /// <summary>Compares two models on the samples of one repeat.</summary>
    /// <param name="first">The one.</param>
    /// <param name="second">The other.</param>
    /// <returns>The second minus the first; null where a report does not hold what both answered to the same samples.</returns>
    public static PairedDifference? Compare(SeedReport first, SeedReport second)
    {
        if (first.Right is not { } one || second.Right is not { } two || first.Score.Count != second.Score.Count || one.Length != two.Length)
        {
            return null;
        }

        int lost = 0, won = 0;
        for (int i = 0; i < one.Length; i++)
        {
            lost += BitOperations.PopCount((uint)(one[i] & ~two[i] & 0xFF));
            won += BitOperations.PopCount((uint)(two[i] & ~one[i] & 0xFF));
        }

        return PairedDifference.Of(lost, won, first.Score.Count);
    }
}
