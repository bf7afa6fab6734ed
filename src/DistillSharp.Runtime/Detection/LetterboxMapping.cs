using DistillSharp.Tasks.Detection;

namespace DistillSharp.Runtime.Detection;

/// <summary>Takes boxes from a letterboxed input back to its picture.</summary>
internal static class LetterboxMapping
{
    /// <summary>From a box in the input to the box in the picture, cut off at its edges; the factor and the border are those before rounding to pixels.</summary>
    public static BoundingBox ToSource(this Letterbox letterbox, BoundingBox box)
    {
        double gain = Math.Min((double)letterbox.Height / letterbox.SourceHeight, (double)letterbox.Width / letterbox.SourceWidth);
        double left = Math.Round(((letterbox.Width - (letterbox.SourceWidth * gain)) / 2) - 0.1), top = Math.Round(((letterbox.Height - (letterbox.SourceHeight * gain)) / 2) - 0.1);
        return new BoundingBox((float)((box.Left - left) / gain), (float)((box.Top - top) / gain), (float)((box.Right - left) / gain), (float)((box.Bottom - top) / gain))
            .ClippedTo(letterbox.SourceWidth, letterbox.SourceHeight);
    }
}
