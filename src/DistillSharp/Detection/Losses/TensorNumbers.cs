using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Losses;

/// <summary>A tensor's elements as plain numbers.</summary>
internal static class TensorNumbers
{
    /// <summary>Copies them, in C order.</summary>
    /// <param name="tensor">The tensor, on any device.</param>
    public static double[] Of(Tensor tensor)
    {
        using var numbers = tensor.to(ScalarType.Float64, CPU);
        using var whole = numbers.contiguous();
        return whole.numel() == 0 ? [] : whole.data<double>().ToArray();
    }
}
