using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Native;

/// <summary>
/// Finds out once whether libtorch's float32 convolutions can be trusted here. On some processors oneDNN's direct kernels for the ordinary layout go wrong where a number of channels is not
/// a multiple of 16: outputs and gradients are off by their own size, or NaN (seen with libtorch 2.10 on AMD family 26). Its channels-last kernels are right there.
/// </summary>
internal static class ConvolutionCheck
{
    // Between float32's rounding (1e-6) and the fault (0.2 to 1, or NaN).
    private const double Allowed = 1e-3;

    // Below 20,480 elements libtorch asks NNPACK first, which complains where it is not supported.
    private const long Side = 24;

    private static readonly Lazy<bool> s_isWrong = new(() => Enumerable.Range(0, 2).Any(_ => !Agrees()));

    /// <summary>Whether convolutions of the ordinary layout are wrong, so that channels-last has to be used.</summary>
    public static bool IsOrdinaryLayoutWrong => s_isWrong.Value;

    /// <summary>What to tell people about it; null where there is nothing to tell.</summary>
    public static string? Remark => IsOrdinaryLayoutWrong
        ? "libtorch's convolutions give wrong results on this processor where a number of channels is not a multiple of 16. These run channels-last instead: right, but somewhat slower."
        : null;

    /// <summary>24 channels to 24, in float32 against float64: the output and the gradient of the input.</summary>
    private static bool Agrees()
    {
        using var scope = NewDisposeScope();
        var (output, gradient) = Run(ScalarType.Float32);
        var (trueOutput, trueGradient) = Run(ScalarType.Float64);
        return Off(output, trueOutput) < Allowed && Off(gradient, trueGradient) < Allowed;
    }

    private static (Tensor Output, Tensor Gradient) Run(ScalarType type)
    {
        using var enabled = enable_grad();
        var x = Waves(0.7, type, 2, 24, Side, Side).requires_grad_(true);
        var y = conv2d(x, Waves(1.3, type, 24, 24, 3, 3), null, [1, 1], [1, 1]);
        y.mul(Waves(0.9, type, 2, 24, Side, Side)).sum().backward();
        return (y.detach(), x.grad!);
    }

    /// <summary>Numbers without chance.</summary>
    private static Tensor Waves(double frequency, ScalarType type, params long[] shape) =>
        arange(Number.Of(shape.Aggregate(1L, (product, size) => product * size)), dtype: ScalarType.Float64).mul(Number.Of(frequency)).sin().reshape(shape).to(type);

    private static double Off(Tensor found, Tensor expected) => found.to(ScalarType.Float64).sub(expected).abs().max().ToDouble() / expected.abs().max().ToDouble();
}
