using DistillSharp.Reports;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Detection.Reports;

/// <summary>The sure boxes that each variant of a repeat found, by picture, and which of all its boxes are right.</summary>
/// <param name="kept">Whether sure boxes are kept at all.</param>
/// <param name="matched">The pictures whose boxes are matched, for the interval of a difference; null where none is taken.</param>
/// <param name="classCount">The number of classes.</param>
internal sealed class FoundBoxes(bool kept, IDetectionSource? matched = null, int classCount = 1)
{
    /// <summary>How sure a box must be to be drawn and judged.</summary>
    public const float Confidence = 0.25f;

    private readonly Dictionary<string, Dictionary<int, IReadOnlyList<DetectedBox>>> _byVariant = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DetectionMatches> _matches = new(StringComparer.Ordinal);

    /// <summary>The variants, in the order they were scored.</summary>
    public IReadOnlyList<string> Variants => [.. _byVariant.Keys];

    /// <summary>Sees what a variant finds.</summary>
    /// <param name="variant">The variant.</param>
    public DetectionObserver Of(string variant)
    {
        var boxes = new Dictionary<int, IReadOnlyList<DetectedBox>>();
        if (kept)
        {
            _byVariant[variant] = boxes;
        }

        return new Keeper(boxes, matched, matched is null ? null : _matches[variant] = new(classCount));
    }

    /// <summary>How two variants differ over the pictures, in points of mAP50-95; null where it was not matched what they found.</summary>
    /// <param name="first">The one.</param>
    /// <param name="second">The other.</param>
    public ImageInterval? Difference(string first, string second) =>
        _matches.TryGetValue(first, out var one) && _matches.TryGetValue(second, out var two) && MapDifference.Of(one, two) is var difference
            ? new(difference.Low, difference.High, difference.Pictures) : null;

    /// <summary>The boxes a variant found in a picture, in its pixels, by falling confidence.</summary>
    /// <param name="variant">The variant.</param>
    /// <param name="picture">The picture's position.</param>
    public IReadOnlyList<DetectedBox> In(string variant, int picture) => _byVariant[variant].GetValueOrDefault(picture) ?? [];

    private sealed class Keeper(Dictionary<int, IReadOnlyList<DetectedBox>> boxes, IDetectionSource? source, DetectionMatches? matches) : DetectionObserver
    {
        public override void OnPicture(int index, IReadOnlyList<DetectedBox> found)
        {
            boxes[index] = [.. found.Where(box => box.Confidence >= Confidence)];
            matches?.Add(index, found, PictureCases.TruthsOf(source!, index));
        }
    }
}
