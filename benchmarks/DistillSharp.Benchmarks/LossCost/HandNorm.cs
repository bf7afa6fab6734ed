using DistillSharp.Losses;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Batch normalisation by hand, starting from a copy of an adapter's.</summary>
internal sealed class HandNorm(DistillationLoss loss, string name)
{
    private readonly Tensor _weight = Draws.Weight(loss, $"{name}.weight"), _bias = Draws.Weight(loss, $"{name}.bias");
    private readonly Tensor _mean = zeros_like(Draws.Weight(loss, $"{name}.bias")), _variance = ones_like(Draws.Weight(loss, $"{name}.bias"));

    public Tensor Of(Tensor x) => batch_norm(x, _mean, _variance, _weight, _bias, training: true, momentum: 0.1, eps: 1e-5);
}
