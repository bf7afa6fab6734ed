using System.Globalization;

namespace DistillSharp.Cli.Commands;

/// <summary>Numbers and sizes as they are typed: <c>0.5,0.5,0.5</c>, <c>1x3x224x224</c>, <c>name=…</c>.</summary>
internal static class NumberList
{
    private const int MostDimensions = 16;

    /// <summary>Numbers with commas between; null if one is none.</summary>
    public static IReadOnlyList<double>? Numbers(string text)
    {
        string[] parts = text.Split(',');
        double[] values = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !double.IsFinite(values[i]))
            {
                return null;
            }
        }

        return values;
    }

    /// <summary>Sizes with an x between; null if one is none, or below 1.</summary>
    public static IReadOnlyList<long>? Sizes(string text)
    {
        string[] parts = text.Split('x');
        long[] values = new long[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts.Length > MostDimensions || !long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out values[i]) || values[i] < 1)
            {
                return null;
            }
        }

        return values;
    }

    /// <summary>Pairs <c>name=value</c>, split at the last equals sign, since names of values may hold one.</summary>
    /// <exception cref="ArgumentException">One is no pair, or a name comes twice.</exception>
    public static IReadOnlyDictionary<string, string> Pairs(string option, string wanted, IEnumerable<string> given)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in given)
        {
            int at = text.LastIndexOf('=');
            if (at < 1 || at + 1 == text.Length)
            {
                throw new ArgumentException($"{option} takes {wanted}, but '{text}' was given.");
            }

            if (!pairs.TryAdd(text[..at], text[(at + 1)..]))
            {
                throw new ArgumentException($"{option} names '{text[..at]}' twice.");
            }
        }

        return pairs;
    }
}
