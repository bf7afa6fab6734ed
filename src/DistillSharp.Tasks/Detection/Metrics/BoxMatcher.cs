namespace DistillSharp.Tasks.Detection.Metrics;

/// <summary>
/// Decides which found boxes are right. At each of ten thresholds of the intersection over union, a found box picks the true box of its class that it overlaps
/// most, if by enough; a true box that several picked goes to the surest of them.
/// </summary>
public static class BoxMatcher
{
    /// <summary>How many thresholds there are.</summary>
    public const int ThresholdCount = 10;

    /// <summary>The thresholds: 0.50 to 0.95 in steps of 0.05.</summary>
    public static IReadOnlyList<float> Thresholds { get; } = [.. Enumerable.Range(0, ThresholdCount).Select(i => (float)((50 + (5 * i)) / 100.0))];

    /// <summary>Matches the boxes of one picture.</summary>
    /// <param name="found">The found boxes, by falling confidence.</param>
    /// <param name="truths">The true boxes, in the same pixels.</param>
    /// <param name="right">Filled for each found box: bit i is set where it is right at threshold i.</param>
    /// <exception cref="ArgumentException">There is not one place a found box.</exception>
    public static void Match(IReadOnlyList<DetectedBox> found, IReadOnlyList<TrueBox> truths, Span<ushort> right)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(truths);
        if (right.Length != found.Count)
        {
            throw new ArgumentException($"{right.Length} places were given for the matches of {found.Count} boxes.", nameof(right));
        }

        right.Clear();
        ushort[] taken = new ushort[truths.Count];
        for (int i = 0; i < found.Count; i++)
        {
            // The true box with the greatest overlap is the pick at every threshold below that overlap.
            int pick = -1;
            float most = 0;
            for (int j = 0; j < truths.Count; j++)
            {
                if (truths[j].ClassIndex == found[i].ClassIndex && truths[j].Box.IntersectionOverUnion(found[i].Box) is var overlap && overlap >= most && overlap > 0)
                {
                    (pick, most) = (j, overlap);
                }
            }

            for (int threshold = 0; pick >= 0 && threshold < ThresholdCount && most >= Thresholds[threshold]; threshold++)
            {
                int bit = 1 << threshold;
                right[i] |= (ushort)(bit & ~taken[pick]);
                taken[pick] |= (ushort)bit;
            }
        }
    }
}
