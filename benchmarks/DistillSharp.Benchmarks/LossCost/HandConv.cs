using DistillSharp.Losses;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>A convolution by hand that keeps rows and columns, starting from a copy of an adapter's.</summary>
internal sealed class HandConv(DistillationLoss loss, string name, bool bias = false, int kernel = 1)
{
    private static readonly long[] s_one = [1, 1];
    private readonly long[] _padding = [kernel / 2, kernel / 2];
    private readonly Tensor _weight = Draws.Weight(loss, $"{name}.weight");
    private readonly Tensor? _bias = bias ? Draws.Weight(loss, $"{name}.bias") : null;

    public Tensor Of(Tensor x) => conv2d(x, _weight, _bias!, s_one, _padding, s_one, 1);
}
