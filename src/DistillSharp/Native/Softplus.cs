using static TorchSharp.torch;

namespace DistillSharp.Native;

/// <summary>ln(1 + eˣ), exact for every x. TorchSharp's own <c>softplus</c> makes numbers that nothing holds while the native call reads them (<see cref="Number"/>).</summary>
internal static class Softplus
{
    /// <summary>The values.</summary>
    /// <param name="x">Floating-point values.</param>
    public static Tensor Of(Tensor x)
    {
        using var zero = zeros([], x.dtype, x.device);
        return x.logaddexp(zero);
    }
}
