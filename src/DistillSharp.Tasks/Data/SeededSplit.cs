namespace DistillSharp.Tasks.Data;

/// <summary>Splits samples in two by a seed, the same share of every class on either side.</summary>
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
}
