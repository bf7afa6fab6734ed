using static TorchSharp.torch;

namespace DistillSharp.Native;

/// <summary>
/// The p-norm over axes. TorchSharp's own <c>linalg.vector_norm</c> makes a number that nothing holds while the native call reads it (<see cref="Number"/>); its <c>norm</c> takes a plain float,
/// but one axis. A norm of norms is the norm over all their axes; at zero its gradient is zero.
/// </summary>
internal static class Norms
{
    /// <summary>The norm over some axes.</summary>
    /// <param name="x">Floating-point values.</param>
    /// <param name="p">Which norm.</param>
    /// <param name="axes">The axes; none means all.</param>
    /// <param name="keep">Whether these axes stay, with a size of 1.</param>
    public static Tensor Of(Tensor x, float p, ReadOnlySpan<long> axes, bool keep = false)
    {
        if (axes.IsEmpty && !keep)
        {
            return x.norm(p);
        }

        long[] ordered = axes.IsEmpty ? [.. Enumerable.Range(0, (int)x.dim()).Select(axis => (long)axis)] : axes.ToArray();
        for (int i = 0; i < ordered.Length; i++)
        {
            ordered[i] = ordered[i] < 0 ? ordered[i] + x.dim() : ordered[i];
        }

        Array.Sort(ordered);
        var norm = x;
        for (int i = ordered.Length - 1; i >= 0; i--)
        {
            var next = norm.norm((int)ordered[i], keep, p);
            if (i < ordered.Length - 1)
            {
                norm.Dispose();
            }

            norm = next;
        }

        return norm;
    }
}
