namespace DistillSharp.Tasks.Data;

/// <summary>Splits samples in two by a seed, the same share of every class on either side as far as whole samples allow.</summary>
public static class SeededSplit
{
    /// <summary>Holds out a share of every class.</summary>
    /// <param name="source">The samples.</param>
    /// <param name="share">The share held out, 0 up to 1; rounded to whole samples of each class.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>What is left for training, and what is held out; both in the source's order.</returns>
    public static (SampleSubset Kept, SampleSubset HeldOut) Split(ISampleSource source, double share, long seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (share is < 0 or >= 1)
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The held-out share must be 0 or more and below 1; 0.1 in practice.");
        }

        var heldOut = new HashSet<int>();
        foreach (var group in Enumerable.Range(0, source.Count).GroupBy(source.LabelOf).OrderBy(group => group.Key))
        {
            int[] members = [.. group];
            var random = new SampleRandom(seed, 0, group.Key);
            int wanted = (int)Math.Round(share * members.Length);
            for (int i = 0; i < wanted; i++)
            {
                int j = i + random.NextInt(members.Length - i);
                (members[i], members[j]) = (members[j], members[i]);
                heldOut.Add(members[i]);
            }
        }

        return (
            new(source, [.. Enumerable.Range(0, source.Count).Where(index => !heldOut.Contains(index))]),
            new(source, [.. heldOut.Order()]));
    }

    /// <summary>Draws an exact number of samples, each class in proportion to its size: what is left over by rounding goes to the classes that lost most by it.</summary>
    /// <param name="source">The samples.</param>
    /// <param name="indices">The 0-based positions to draw from.</param>
    /// <param name="count">The number of samples, 0 up to all of them.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Their positions, ascending.</returns>
    public static IReadOnlyList<int> Draw(ISampleSource source, IReadOnlyList<int> indices, int count, long seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(indices);
        if (count < 0 || count > indices.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"From 0 to {indices.Count} samples can be drawn.");
        }

        var groups = indices.GroupBy(source.LabelOf).OrderBy(group => group.Key).Select(group => (Label: group.Key, Members: group.ToArray())).ToList();
        long[] parts = [.. groups.Select(group => (long)count * group.Members.Length)];
        int[] wanted = [.. parts.Select(part => (int)(part / indices.Count))];
        foreach (int group in Enumerable.Range(0, groups.Count).OrderByDescending(i => parts[i] % indices.Count).Take(count - wanted.Sum()))
        {
            wanted[group]++;
        }

        var drawn = new List<int>(count);
        for (int g = 0; g < groups.Count; g++)
        {
            var (label, members) = groups[g];
            var random = new SampleRandom(seed, 1, label);
            for (int i = 0; i < wanted[g]; i++)
            {
                int j = i + random.NextInt(members.Length - i);
                (members[i], members[j]) = (members[j], members[i]);
                drawn.Add(members[i]);
            }
        }

        drawn.Sort();
        return drawn;
    }
}
