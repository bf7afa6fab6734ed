namespace DistillSharp.Tests.Losses.Golden;

/// <summary>How each method of the reference values is computed with this library.</summary>
internal static class GoldenLossMethods
{
    private static readonly IReadOnlyDictionary<string, Func<GoldenLossCase, GoldenLossRun>> s_all = new[]
    {
        GoldenResponseLosses.Methods,
        GoldenFeatureLosses.Methods,
        GoldenMapLosses.Methods,
        GoldenRelationLosses.Methods,
        GoldenDetectionLosses.Methods,
        GoldenTextLosses.Methods,
    }.SelectMany(family => family).ToDictionary(method => method.Key, method => method.Value, StringComparer.Ordinal);

    public static GoldenLossRun Of(GoldenLossCase one) => s_all.TryGetValue(one.Method, out var make)
        ? make(one)
        : throw new InvalidOperationException($"Nothing in this library is held against the method '{one.Method}' of {one.File}.");
}
