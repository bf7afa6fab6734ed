using TorchSharp;

namespace DistillSharp.Native;

/// <summary>
/// Numbers for libtorch's calls. TorchSharp turns a plain number into a <see cref="Scalar"/> that nothing holds while the native
/// call reads it: now and then the collector frees it first, and the call fails ("Unknown scalar type") or computes with what
/// lies there. These are held until long after their call. Hand them over at once; do not keep them.
/// </summary>
internal static class Number
{
    private const int Held = 256;

    [ThreadStatic]
    private static Scalar?[]? t_held;

    [ThreadStatic]
    private static int t_next;

    /// <summary>One, kept for good.</summary>
    public static Scalar One { get; } = 1L.ToScalar();

    /// <summary>Two, kept for good.</summary>
    public static Scalar Two { get; } = 2L.ToScalar();

    /// <summary>A real number.</summary>
    public static Scalar Of(double value) => Hold(value.ToScalar());

    /// <summary>A whole number.</summary>
    public static Scalar Of(long value) => Hold(value.ToScalar());

    /// <summary>A truth value.</summary>
    public static Scalar Of(bool value) => Hold(value.ToScalar());

    /// <summary>A real number for whoever keeps it himself, in a field or a compiled node.</summary>
    public static Scalar Kept(double value) => value.ToScalar();

    private static Scalar Hold(Scalar number)
    {
        var held = t_held ??= new Scalar?[Held];
        held[t_next]?.Dispose();
        held[t_next] = number;
        t_next = (t_next + 1) % Held;
        return number;
    }
}
