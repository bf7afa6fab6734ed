namespace DistillSharp.Tasks.Detection.Metrics;

/// <summary>Scores a detector picture by picture: add each one's found and true boxes, then ask for the score. It keeps a dozen bytes a found box. For one thread.</summary>
public sealed class DetectionScorer
{
    private const int SmoothingWindow = 101;
    private readonly List<float>[] _confidences;
    private readonly List<ushort>[] _right;
    private readonly int[] _instances, _images;
    private readonly DetectionConfusion _confusion;
    private readonly List<DetectedBox> _usable = [];
    private int _pictures, _unusable;

    /// <summary>Creates a scorer that has seen nothing.</summary>
    /// <param name="classCount">The classes told apart, 1 or more.</param>
    public DetectionScorer(int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        _confusion = new(classCount);
        _confidences = [.. Enumerable.Range(0, classCount).Select(_ => new List<float>())];
        _right = [.. Enumerable.Range(0, classCount).Select(_ => new List<ushort>())];
        (_instances, _images) = (new int[classCount], new int[classCount]);
    }

    /// <summary>The classes told apart.</summary>
    public int ClassCount => _instances.Length;

    /// <summary>Adds one picture.</summary>
    /// <param name="found">What the detector found, in any order.</param>
    /// <param name="truths">What is there, in the same pixels; none for a picture of nothing.</param>
    /// <exception cref="ArgumentException">A class is not one of those told apart.</exception>
    public void Add(IReadOnlyList<DetectedBox> found, IReadOnlyList<TrueBox> truths)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(truths);
        if (found.Any(box => (uint)box.ClassIndex >= ClassCount) || truths.Any(box => (uint)box.ClassIndex >= ClassCount))
        {
            throw new ArgumentException($"A box is of class {found.Select(box => box.ClassIndex).Concat(truths.Select(box => box.ClassIndex)).First(one => (uint)one >= ClassCount)}, but {ClassCount} classes, numbered from 0, are told apart.");
        }

        _usable.Clear();
        _usable.AddRange(found.Where(Usable).OrderByDescending(box => box.Confidence));
        _unusable += found.Count - _usable.Count;
        _pictures++;
        ushort[] right = new ushort[_usable.Count];
        BoxMatcher.Match(_usable, truths, right);
        for (int i = 0; i < right.Length; i++)
        {
            _confidences[_usable[i].ClassIndex].Add(_usable[i].Confidence);
            _right[_usable[i].ClassIndex].Add(right[i]);
        }

        foreach (var group in truths.GroupBy(box => box.ClassIndex))
        {
            _instances[group.Key] += group.Count();
            _images[group.Key]++;
        }

        _confusion.Add(_usable, truths);
    }

    /// <summary>The score of all pictures so far.</summary>
    public DetectionScore Score()
    {
        int[] classes = [.. Enumerable.Range(0, ClassCount).Where(label => _instances[label] > 0)];
        var curves = classes.Select(CurvesOf).ToList();
        double[] mean = [.. Enumerable.Range(0, DetectionCurves.PointCount).Select(i => curves.Count == 0 ? 0 : curves.Average(one => one.F1[i]))];
        double[] smooth = Curve.Smooth(mean, SmoothingWindow);
        int best = Array.IndexOf(smooth, smooth.Max());
        return new()
        {
            Images = _pictures,
            Instances = _instances.Sum(),
            ClassCount = ClassCount,
            Unusable = _unusable,
            BestConfidence = DetectionCurves.Axis[best],
            Confusion = _confusion.Copy(),
            Curves = new()
            {
                Precision = [.. curves.Select(one => one.Precision)],
                Recall = [.. curves.Select(one => one.Recall)],
                F1 = [.. curves.Select(one => one.F1)],
                PrecisionOverRecall = [.. curves.Select(one => one.OverRecall)],
            },
            Classes = [.. classes.Zip(curves, (label, one) => ScoreOf(label, one, best))],
        };
    }

    /// <summary>Whether a box is of finite numbers.</summary>
    internal static bool Usable(DetectedBox box) =>
        float.IsFinite(box.Confidence) && float.IsFinite(box.Box.Left) && float.IsFinite(box.Box.Top) && float.IsFinite(box.Box.Right) && float.IsFinite(box.Box.Bottom);

    private ClassCurves CurvesOf(int label)
    {
        int points = DetectionCurves.PointCount;
        if (_confidences[label].Count == 0)
        {
            return new(new double[points], new double[points], new double[points], new double[points], new double[BoxMatcher.ThresholdCount]);
        }

        // Equal confidences stay in the order in which they came.
        int[] order = [.. Enumerable.Range(0, _confidences[label].Count).OrderByDescending(i => _confidences[label][i])];
        float[] confidences = [.. order.Select(i => _confidences[label][i])];
        ushort[] right = [.. order.Select(i => _right[label][i])];
        var byThreshold = Enumerable.Range(0, BoxMatcher.ThresholdCount).Select(threshold => new PrecisionRecall(confidences, right, threshold, _instances[label])).ToList();
        double[] precision = [.. DetectionCurves.Axis.Select(byThreshold[0].PrecisionAt)], recall = [.. DetectionCurves.Axis.Select(byThreshold[0].RecallAt)];
        double[] f1 = [.. precision.Zip(recall, (p, r) => p + r > 0 ? 2 * p * r / (p + r) : 0)];
        return new(precision, recall, f1, byThreshold[0].Envelope([.. DetectionCurves.Axis]), [.. byThreshold.Select(one => one.Average())]);
    }

    private ClassDetectionScore ScoreOf(int label, ClassCurves curves, int best)
    {
        double precision = curves.Precision[best], hits = Math.Round(curves.Recall[best] * _instances[label]);
        return new()
        {
            ClassIndex = label,
            Images = _images[label],
            Instances = _instances[label],
            Precision = precision,
            Recall = curves.Recall[best],
            F1 = curves.F1[best],
            TruePositives = hits,
            FalsePositives = precision > 0 ? Math.Round((hits / precision) - hits) : 0,
            AveragePrecisions = curves.Averages,
        };
    }

    private sealed record ClassCurves(double[] Precision, double[] Recall, double[] F1, double[] OverRecall, double[] Averages);
}
