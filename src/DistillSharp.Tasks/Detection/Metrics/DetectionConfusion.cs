using System.Runtime.InteropServices;

namespace DistillSharp.Tasks.Detection.Metrics;

/// <summary>
/// Which classes a detector takes for which: found boxes of a confidence above 0.25 and true boxes pair by overlap, whatever their classes, best overlap
/// first; what is left over pairs with the background.
/// </summary>
public sealed class DetectionConfusion
{
    /// <summary>What a found box's confidence must exceed to count.</summary>
    public const float Confidence = 0.25f;

    /// <summary>What the intersection over union of a pair must exceed.</summary>
    public const float Iou = 0.45f;

    // Few of the pairs occur, and a file may name a million classes.
    private readonly Dictionary<(int Found, int Truth), int> _counts = [];

    /// <summary>Creates an empty table.</summary>
    /// <param name="classCount">The classes told apart, 1 or more.</param>
    public DetectionConfusion(int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ClassCount = classCount;
    }

    /// <summary>The classes told apart; the row and the column of this number are the background.</summary>
    public int ClassCount { get; }

    /// <summary>How often a class was found where another one is true.</summary>
    /// <param name="found">The found class; <see cref="ClassCount"/> where nothing was found.</param>
    /// <param name="truth">The true class; <see cref="ClassCount"/> where there is nothing.</param>
    public int this[int found, int truth] => _counts.GetValueOrDefault(Checked(found, truth));

    /// <summary>The pairs that occur and how often, in no order.</summary>
    public IEnumerable<(int Found, int Truth, int Count)> Entries => _counts.Select(pair => (pair.Key.Found, pair.Key.Truth, pair.Value));

    /// <summary>Adds the boxes of one picture.</summary>
    internal void Add(IReadOnlyList<DetectedBox> found, IReadOnlyList<TrueBox> truths)
    {
        DetectedBox[] sure = [.. found.Where(box => box.Confidence > Confidence)];
        bool[] paired = new bool[sure.Length], met = new bool[truths.Count];
        foreach (var (i, j) in Pairs(sure, truths))
        {
            Count(sure[i].ClassIndex, truths[j].ClassIndex);
            paired[i] = met[j] = true;
        }

        for (int i = 0; i < sure.Length; i++)
        {
            if (!paired[i])
            {
                Count(sure[i].ClassIndex, ClassCount);
            }
        }

        for (int j = 0; j < truths.Count; j++)
        {
            if (!met[j])
            {
                Count(ClassCount, truths[j].ClassIndex);
            }
        }
    }

    /// <summary>A copy that no longer changes.</summary>
    internal DetectionConfusion Copy()
    {
        var copy = new DetectionConfusion(ClassCount);
        foreach (var (pair, count) in _counts)
        {
            copy._counts.Add(pair, count);
        }

        return copy;
    }

    /// <summary>Each found box looks at the true box it overlaps most; each true box takes, of those that look at it, the one with the greatest overlap.</summary>
    private static IEnumerable<(int Found, int Truth)> Pairs(DetectedBox[] found, IReadOnlyList<TrueBox> truths)
    {
        var takers = new (int Found, float Overlap)[truths.Count];
        Array.Fill(takers, (-1, Iou));
        for (int i = 0; i < found.Length; i++)
        {
            int pick = -1;
            float most = Iou;
            for (int j = 0; j < truths.Count; j++)
            {
                if (truths[j].Box.IntersectionOverUnion(found[i].Box) is var overlap && overlap > most)
                {
                    (pick, most) = (j, overlap);
                }
            }

            if (pick >= 0 && most > takers[pick].Overlap)
            {
                takers[pick] = (i, most);
            }
        }

        return takers.Select((taker, j) => (taker.Found, j)).Where(pair => pair.Found >= 0);
    }

    private void Count(int found, int truth) => CollectionsMarshal.GetValueRefOrAddDefault(_counts, Checked(found, truth), out _)++;

    private (int Found, int Truth) Checked(int found, int truth)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)found, (uint)ClassCount, nameof(found));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)truth, (uint)ClassCount, nameof(truth));
        return (found, truth);
    }
}
