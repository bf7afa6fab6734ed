namespace Conformance.Tests.Operators.References;

/// <summary>Pooling from its definition, slowly: every window, every element of it.</summary>
/// <param name="Kernel">The window's sizes.</param>
/// <param name="Strides">Elements between windows.</param>
/// <param name="Dilations">Elements between those of a window.</param>
/// <param name="Begin">Elements added before the first of every axis.</param>
/// <param name="End">Elements added after the last.</param>
/// <param name="Ceil">Whether a last window may be partly beyond the end.</param>
internal sealed record PoolReference(long[] Kernel, long[] Strides, long[] Dilations, long[] Begin, long[] End, bool Ceil)
{
    /// <summary>The number of windows along every axis.</summary>
    public long[] Counts(long[] sizes) => [.. sizes.Select((size, i) =>
    {
        double windows = (size + Begin[i] + End[i] - ((Kernel[i] - 1) * Dilations[i]) - 1) / (double)Strides[i];
        long count = (long)(Ceil ? Math.Ceiling(windows) : Math.Floor(windows)) + 1;
        return Ceil && (count - 1) * Strides[i] >= size + Begin[i] ? count - 1 : count;
    })];

    /// <summary>The elements of every window of a plane, in order; what lies in the padding has no place (-1), what lies beyond it is left out.</summary>
    public IEnumerable<IReadOnlyList<long>> Windows(long[] sizes) => All(Counts(sizes)).Select(window =>
        (IReadOnlyList<long>)[.. All(Kernel)
            .Select(tap => tap.Select((t, i) => (window[i] * Strides[i]) + (t * Dilations[i]) - Begin[i]).ToArray())
            .Where(at => at.Select((a, i) => a < sizes[i] + End[i]).All(within => within))
            .Select(at => at.Select((a, i) => a >= 0 && a < sizes[i]).All(inside => inside) ? at.Select((a, i) => (a, i)).Aggregate(0L, (place, p) => (place * sizes[p.i]) + p.a) : -1)]);

    /// <summary>A place counted with the first axis as the fast one.</summary>
    public static long ByColumns(long place, long[] sizes)
    {
        long[] at = new long[sizes.Length];
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            (place, at[i]) = (place / sizes[i], place % sizes[i]);
        }

        return Enumerable.Range(0, sizes.Length).Reverse().Aggregate(0L, (sum, i) => (sum * sizes[i]) + at[i]);
    }

    private static IEnumerable<long[]> All(long[] sizes) => sizes.Length == 0
        ? [[]]
        : Enumerable.Range(0, (int)sizes[0]).SelectMany(first => All(sizes[1..]).Select(rest => (long[])[first, .. rest]));
}
