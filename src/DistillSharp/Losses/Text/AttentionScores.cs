using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Text;

/// <summary>Attention scores before the softmax, among them those of masked tokens: a large negative number, which differs between models and says nothing.</summary>
internal static class AttentionScores
{
    /// <summary>What a model takes off the scores of masked tokens is more than this; 10000 or the largest number in practice.</summary>
    public const double MaskDepth = 1e2;

    /// <summary>The scores, 0 where they are at or below a threshold.</summary>
    public static Tensor Kept(Tensor scores, double threshold) => scores.masked_fill(scores.le(Number.Of(threshold)), Number.Of(0.0));

    /// <summary>A depth, or an error that says what is usual.</summary>
    public static double Depth(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "How far below 0 a masked token's score lies must be 0 or more; 100 in practice, 1e30 to keep every finite score that a model makes.");
}
