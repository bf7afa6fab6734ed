namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>Which boxes are still worth learning after a geometric change, by the rules that Ultralytics publishes.</summary>
internal static class BoxCandidates
{
    private const float MinSide = 2, MinAreaShare = 0.1f, MaxAspect = 100;

    /// <summary>Whether a box is kept: more than 2 pixels on either side, more than a tenth of its area still there, sides within 100 to 1.</summary>
    /// <param name="before">The box on the canvas.</param>
    /// <param name="scale">The factor of size between the two.</param>
    /// <param name="after">The box in the input, cut off at its edges.</param>
    public static bool Keeps(BoundingBox before, double scale, BoundingBox after) =>
        after.Width > MinSide && after.Height > MinSide
            && after.Area > MinAreaShare * before.Area * scale * scale
            && Math.Max(after.Width / after.Height, after.Height / after.Width) < MaxAspect;
}
