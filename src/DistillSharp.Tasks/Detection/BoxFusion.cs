namespace DistillSharp.Tasks.Detection;

/// <summary>
/// Merges what several detectors found in one picture: weighted boxes fusion (Solovyev, Wang, Gabruseva, arXiv:1910.13302). Boxes are taken by falling weight x confidence; each joins the
/// fused box of its class that it overlaps most, or starts one. A fused box is the mean of its members by weight x confidence. Its confidence is the mean of the members' times
/// min(members, detectors) / detectors: what few of the detectors see counts less. Of the published variants this is the plain one, which bounds the count (no overflow), with weights scaled to a
/// mean of 1; what is above 1 after weighting is 1. One detector's boxes are left as they are. Its buffers are kept: for one thread.
/// </summary>
public sealed class BoxFusion
{
    private readonly BoxFusionOptions _options;
    private readonly double[] _weights;
    private readonly List<(double Confidence, DetectedBox Box)> _boxes = [];
    private readonly List<Fused> _fused = [];

    /// <summary>Creates a fusion.</summary>
    /// <param name="detectors">How many detectors there are, 1 or more.</param>
    /// <param name="options">Overlap and weights; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are weights, but not one for each detector.</exception>
    public BoxFusion(int detectors, BoxFusionOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(detectors, 1);
        _options = options ?? new();
        if (_options.Weights.Count != 0 && _options.Weights.Count != detectors)
        {
            throw new ArgumentException($"{_options.Weights.Count} weights do not fit {detectors} detectors: give one for each, or none.", nameof(options));
        }

        double mean = _options.Weights.Count == 0 ? 1 : _options.Weights.Average(one => (double)one);
        _weights = [.. Enumerable.Range(0, detectors).Select(i => _options.Weights.Count == 0 ? 1 : _options.Weights[i] / mean)];
    }

    /// <summary>Merges the boxes of one picture.</summary>
    /// <param name="found">What each detector found, in any order, all in the same classes and pixels. Boxes and confidences that are no finite numbers, and confidences of 0 or less, are left out.</param>
    /// <param name="fused">Emptied, then filled with the merged boxes by falling confidence.</param>
    /// <exception cref="ArgumentException">There are not as many lists as detectors.</exception>
    public void Fuse(IReadOnlyList<IReadOnlyList<DetectedBox>> found, List<DetectedBox> fused)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(fused);
        if (found.Count != _weights.Length)
        {
            throw new ArgumentException($"The boxes of {found.Count} detectors were given; the fusion is for {_weights.Length}.", nameof(found));
        }

        _boxes.Clear();
        for (int i = 0; i < found.Count; i++)
        {
            foreach (var box in found[i])
            {
                if (Usable(box) && _weights[i] > 0)
                {
                    _boxes.Add((box.Confidence * _weights[i], box));
                }
            }
        }

        fused.Clear();
        fused.AddRange((found.Count == 1 ? _boxes.Select(one => one.Box) : Merged()).Where(box => box.Confidence > _options.Confidence).OrderByDescending(box => box.Confidence));
    }

    private static bool Usable(DetectedBox box) =>
        float.IsFinite(box.Confidence) && box.Confidence > 0 && float.IsFinite(box.Box.Left) && float.IsFinite(box.Box.Top) && float.IsFinite(box.Box.Right) && float.IsFinite(box.Box.Bottom);

    private IEnumerable<DetectedBox> Merged()
    {
        _fused.Clear();
        foreach (var (confidence, box) in _boxes.OrderByDescending(one => one.Confidence))
        {
            if (Match(box) is { } match)
            {
                match.Add(confidence, box.Box);
            }
            else
            {
                var started = new Fused(box.ClassIndex);
                started.Add(confidence, box.Box);
                _fused.Add(started);
            }
        }

        return _fused.Select(one => new DetectedBox(one.Box, one.Confidence(_weights.Length), one.ClassIndex));
    }

    /// <summary>The fused box of the class that overlaps most, the first of equal ones; null where none does by enough.</summary>
    private Fused? Match(DetectedBox box)
    {
        Fused? best = null;
        float most = _options.Iou;
        foreach (var one in _fused)
        {
            if (one.ClassIndex == box.ClassIndex && one.Box.IntersectionOverUnion(box.Box) is var shared && shared > most)
            {
                (best, most) = (one, shared);
            }
        }

        return best;
    }

    private sealed class Fused(int classIndex)
    {
        private double _total, _left, _top, _right, _bottom;
        private int _members;

        public int ClassIndex => classIndex;

        public BoundingBox Box { get; private set; }

        public void Add(double confidence, BoundingBox box)
        {
            _members++;
            _total += confidence;
            _left += confidence * box.Left;
            _top += confidence * box.Top;
            _right += confidence * box.Right;
            _bottom += confidence * box.Bottom;
            Box = new((float)(_left / _total), (float)(_top / _total), (float)(_right / _total), (float)(_bottom / _total));
        }

        public float Confidence(int detectors) => (float)Math.Min(1, _total / _members * Math.Min(_members, detectors) / detectors);
    }
}
