namespace DistillSharp.Graph;

/// <summary>Finds what was probably meant.</summary>
public static class NearMiss
{
    /// <summary>What is longer was not mistyped; comparing it would cost memory by its length.</summary>
    private const int LongestWord = 100;

    /// <summary>The closest of the known words, if it is close: at most a third of the letters differ. Of two as close, the one that begins alike.</summary>
    /// <param name="word">The word given.</param>
    /// <param name="known">The words there are.</param>
    /// <returns>The word meant, or null.</returns>
    public static string? Of(string word, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Length > LongestWord)
        {
            return null;
        }

        return Ranked(word, known).FirstOrDefault();
    }

    /// <summary>The close ones of the known words, closest first.</summary>
    /// <param name="word">The word given.</param>
    /// <param name="known">The words there are.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>The words perhaps meant; none if none is close.</returns>
    public static IReadOnlyList<string> Several(string word, IEnumerable<string> known, int most = 5)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Length > LongestWord ? [] : [.. Ranked(word, known).Take(most)];
    }

    private static IEnumerable<string> Ranked(string word, IEnumerable<string> known) => known
        .Where(candidate => candidate.Length <= 2 * LongestWord)
        .Select(candidate => (Candidate: candidate, Distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
        .Where(pair => pair.Distance <= Math.Max(1, Math.Max(word.Length, pair.Candidate.Length) / 3))
        .OrderBy(pair => pair.Distance)
        .ThenByDescending(pair => word.Zip(pair.Candidate).TakeWhile(letters => char.ToLowerInvariant(letters.First) == char.ToLowerInvariant(letters.Second)).Count())
        .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
        .Select(pair => pair.Candidate);

    /// <summary>Damerau and Levenshtein's distance: inserted, deleted, changed or swapped neighbouring letters.</summary>
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
