namespace DistillSharp.Tasks.Detection.Metrics;

/// <summary>
/// The matches of one class. What the average precision needs of wrong boxes is only how many lie above each right one, so a weighting costs one pass over the boxes down to
/// the last right one, and ten over the right ones.
/// </summary>
internal sealed class ClassMatches
{
    private const int RecallPoints = 101;
    private static readonly double[] s_recalls = Curve.Axis(RecallPoints);
    private readonly List<(int Picture, float Confidence, ushort Right)> _found = [];
    private readonly Dictionary<int, int> _truths = [];
    private (int Picture, ushort Right)[]? _ranked;
    private (int Picture, int Count)[] _below = [], _true = [];
    private ushort[] _right = [];
    private int[] _times = [], _above = [];
    private double[] _recall = [], _precision = [];

    /// <summary>Adds a found box; of equal confidences the one that comes first ranks first.</summary>
    public void AddFound(int picture, float confidence, ushort right)
    {
        _found.Add((picture, confidence, right));
        _ranked = null;
    }

    /// <summary>Adds a true box.</summary>
    public void AddTruth(int picture)
    {
        _truths[picture] = _truths.GetValueOrDefault(picture) + 1;
        _ranked = null;
    }

    /// <summary>The mean over the ten thresholds of the average precision, as <see cref="PrecisionRecall"/> takes it; null without true boxes.</summary>
    /// <param name="times">How often each image occurs.</param>
    public double? AveragePrecision(ReadOnlySpan<int> times)
    {
        var ranked = _ranked ?? Rank();
        int truths = Sum(_true, times);
        if (truths == 0)
        {
            return null;
        }

        int rights = 0, above = 0;
        foreach (var (picture, right) in ranked)
        {
            above += times[picture];
            if (right != 0 && times[picture] > 0)
            {
                (_right[rights], _times[rights], _above[rights]) = (right, times[picture], above);
                rights++;
            }
        }

        double sum = 0;
        for (int threshold = 0; threshold < BoxMatcher.ThresholdCount; threshold++)
        {
            sum += Average(threshold, rights, above + Sum(_below, times), truths);
        }

        return sum / BoxMatcher.ThresholdCount;
    }

    /// <summary>The area under the envelope of the precision, which beyond the last right box falls on a line to 0 at recall 1.</summary>
    private double Average(int threshold, int rights, int found, int truths)
    {
        int count = 0;
        long hits = 0;
        for (int i = 0; i < rights; i++)
        {
            if (((_right[i] >> threshold) & 1) != 0)
            {
                hits += _times[i];
                (_recall[count], _precision[count]) = (hits / (double)truths, hits / (double)_above[i]);
                count++;
            }
        }

        if (count == 0)
        {
            return 0;
        }

        for (int i = count - 2; i >= 0; i--)
        {
            _precision[i] = Math.Max(_precision[i], _precision[i + 1]);
        }

        double area = 0, before = 0, end = _recall[count - 1], last = hits / (double)found;
        for (int i = 0, next = 0; i < RecallPoints; i++)
        {
            double at = s_recalls[i];
            while (next < count && _recall[next] <= at)
            {
                next++;
            }

            double precision = next < count ? _precision[next] : at < 1 ? last * (1 - at) / (1 - end) : 0;
            area += i == 0 ? 0 : (at - s_recalls[i - 1]) * (precision + before) / 2;
            before = precision;
        }

        return area;
    }

    private (int Picture, ushort Right)[] Rank()
    {
        var all = _found.OrderByDescending(box => box.Confidence).ToList();
        int kept = all.FindLastIndex(box => box.Right != 0) + 1;
        _ranked = [.. all.Take(kept).Select(box => (box.Picture, box.Right))];
        _below = [.. all.Skip(kept).GroupBy(box => box.Picture).Select(group => (group.Key, group.Count()))];
        _true = [.. _truths.Select(pair => (pair.Key, pair.Value))];
        int rights = _ranked.Count(box => box.Right != 0);
        (_right, _times, _above) = (new ushort[rights], new int[rights], new int[rights]);
        (_recall, _precision) = (new double[rights], new double[rights]);
        return _ranked;
    }

    private static int Sum((int Picture, int Count)[] counts, ReadOnlySpan<int> times)
    {
        int sum = 0;
        foreach (var (picture, count) in counts)
        {
            sum += times[picture] * count;
        }

        return sum;
    }
}
