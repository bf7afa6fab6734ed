namespace DistillSharp.Tasks.Detection.Metrics;

/// <summary>
/// Which found boxes are right, image by image: matched once, they give the mAP50-95 of any weighting of the images, such as the draws of a bootstrap. For one
/// thread.
/// </summary>
public sealed class DetectionMatches
{
    private readonly List<ClassMatches> _classes;
    private readonly SortedSet<int> _pictures = [];

    /// <summary>Creates matches of no images.</summary>
    /// <param name="classCount">The number of classes, 1 or more.</param>
    public DetectionMatches(int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        _classes = [.. Enumerable.Range(0, classCount).Select(_ => new ClassMatches())];
    }

    /// <summary>The positions of the images that were added, rising.</summary>
    public IReadOnlyCollection<int> Pictures => _pictures;

    /// <summary>Adds one image.</summary>
    /// <param name="picture">Its 0-based position in its source; each is added once.</param>
    /// <param name="found">The found boxes, in any order; those that are not finite are left out.</param>
    /// <param name="truths">The true boxes, in the same pixels.</param>
    /// <exception cref="ArgumentException">The image was added already, or a class is unknown.</exception>
    public void Add(int picture, IReadOnlyList<DetectedBox> found, IReadOnlyList<TrueBox> truths)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentOutOfRangeException.ThrowIfNegative(picture);
        if (found.Any(box => (uint)box.ClassIndex >= _classes.Count) || truths.Any(box => (uint)box.ClassIndex >= _classes.Count) || !_pictures.Add(picture))
        {
            throw new ArgumentException($"Image {picture} was added already, or has a box of a class that is not one of the {_classes.Count}.", nameof(picture));
        }

        DetectedBox[] usable = [.. found.Where(DetectionScorer.Usable).OrderByDescending(box => box.Confidence)];
        ushort[] right = new ushort[usable.Length];
        BoxMatcher.Match(usable, truths, right);
        for (int i = 0; i < right.Length; i++)
        {
            _classes[usable[i].ClassIndex].AddFound(picture, usable[i].Confidence, right[i]);
        }

        foreach (var truth in truths)
        {
            _classes[truth.ClassIndex].AddTruth(picture);
        }
    }

    /// <summary>The mAP50-95 of a set in which each image occurs a number of times.</summary>
    /// <param name="times">How often, by the image's position; 1 everywhere gives <see cref="DetectionScore.Map"/>.</param>
    /// <returns>0 to 1: the mean over the classes that then have true boxes; 0 without any.</returns>
    public double Map(ReadOnlySpan<int> times)
    {
        if (_pictures.Count > 0 && times.Length <= _pictures.Max)
        {
            throw new ArgumentException($"{times.Length} numbers do not fit images up to position {_pictures.Max}.", nameof(times));
        }

        double sum = 0;
        int shown = 0;
        foreach (var one in _classes)
        {
            if (one.AveragePrecision(times) is { } average)
            {
                sum += average;
                shown++;
            }
        }

        return shown == 0 ? 0 : sum / shown;
    }
}
