using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Response;

/// <summary>Logits made comparable row by row: mean 0, deviation 1 (logit standardisation, Sun et al., arXiv:2403.01427).</summary>
internal static class Standardization
{
    private const double Epsilon = 1e-7;

    /// <summary>(z - mean) / (1e-7 + deviation), the deviation unbiased.</summary>
    /// <param name="logits">The logits, classes last.</param>
    public static Tensor Of(Tensor logits)
    {
        var centred = logits - logits.mean([-1], keepdim: true);
        return centred.div(logits.std(-1, unbiased: true, keepdim: true).Plus(Number.Of(Epsilon)));
    }
}
