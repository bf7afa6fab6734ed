using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Native;

/// <summary>
/// Sums and squares whose numbers are held. TorchSharp's own <c>+</c>, <c>add</c> and <c>square</c> make a <see cref="Scalar"/> inside that nothing holds while the native call reads it
/// (<see cref="Number"/>), so they are banned.
/// </summary>
internal static class Sums
{
    /// <summary>a + b.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, Number.One);

    /// <summary>a + b.</summary>
    public static Tensor Plus(this Tensor a, Scalar b) => a.add(b, Number.One);

    /// <summary>a².</summary>
    public static Tensor Squared(this Tensor a) => a.pow(Number.Two);
}
