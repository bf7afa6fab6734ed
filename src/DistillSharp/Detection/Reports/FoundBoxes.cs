using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Detection.Reports;

/// <summary>The sure boxes that each variant of a repeat found, by picture.</summary>
/// <param name="kept">Whether they are kept at all.</param>
internal sealed class FoundBoxes(bool kept)
{
    /// <summary>How sure a box must be to be drawn and judged.</summary>
    public const float Confidence = 0.25f;

    private readonly Dictionary<string, Dictionary<int, IReadOnlyList<DetectedBox>>> _byVariant = new(StringComparer.Ordinal);

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

        return new Keeper(boxes);
    }

    /// <summary>The boxes a variant found in a picture, in its pixels, by falling confidence.</summary>
    /// <param name="variant">The variant.</param>
    /// <param name="picture">The picture's position.</param>
    public IReadOnlyList<DetectedBox> In(string variant, int picture) => _byVariant[variant].GetValueOrDefault(picture) ?? [];

    private sealed class Keeper(Dictionary<int, IReadOnlyList<DetectedBox>> boxes) : DetectionObserver
    {
        public override void OnPicture(int index, IReadOnlyList<DetectedBox> found) => boxes[index] = [.. found.Where(box => box.Confidence >= Confidence)];
    }
}
