using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Native;

/// <summary>
/// Finds out once whether libtorch's float32 convolutions can be trusted here. On some machines oneDNN's direct kernels go wrong where a number of channels is not a multiple of 16: outputs and
/// gradients are off by their own size, or NaN (seen with libtorch 2.10 on a virtual machine of AMD family 26, whose caches cpuid does not tell; oneDNN plans by their sizes).
/// </summary>
internal static class ConvolutionCheck
{
    // Between float32's rounding (1e-6) and the fault (0.2 to 1, or NaN).
    private const double Allowed = 1e-3;

    // Below 20,480 elements libtorch asks NNPACK first, which complains where it is not supported.
    private const long Side = 28;

    private static readonly Lazy<bool> s_isWrong = new(() => Enumerable.Range(0, 2).Any(_ => !Agrees()));

    /// <summary>Whether convolutions are wrong where a last block of channels is not full.</summary>
    public static bool IsWrong => s_isWrong.Value;

    /// <summary>What to tell people about it; null where there is nothing to tell.</summary>
    public static string? Remark => IsWrong
        ? "On this machine libtorch computes wrong convolutions where the number of channels is not a multiple of 16. Such channels are padded with zeros, which is correct but somewhat slower."
        : null;

    /// <summary>20 channels to 20, in float32 against float64: the output and the gradient of the input.</summary>
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
        var x = Waves(0.7, type, 2, 20, Side, Side).requires_grad_(true);
        var y = conv2d(x, Waves(1.3, type, 20, 20, 3, 3), null, [1, 1], [1, 1]);
        y.mul(Waves(0.9, type, 2, 20, Side, Side)).sum().backward();
        return (y.detach(), x.grad!);
    }

    /// <summary>Numbers without chance.</summary>
    private static Tensor Waves(double frequency, ScalarType type, params long[] shape) =>
        arange(Number.Of(0L), Number.Of(shape.Aggregate(1L, (product, size) => product * size)), Number.One, dtype: ScalarType.Float64).mul(Number.Of(frequency)).sin().reshape(shape).to(type);

    private static double Off(Tensor found, Tensor expected) => found.to(ScalarType.Float64).sub(expected).abs().max().ToDouble() / expected.abs().max().ToDouble();
}
