namespace DistillSharp.Detection.Losses;

/// <summary>A true box in pixels of the input.</summary>
/// <param name="Picture">Its picture in the batch.</param>
/// <param name="ClassIndex">Its 0-based class.</param>
/// <param name="ScoreRow">Where the scores of its class in its picture lie: see <see cref="TrueBoxes.ScoreRows"/>.</param>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The lower edge.</param>
internal readonly record struct TrueBox(int Picture, int ClassIndex, int ScoreRow, double Left, double Top, double Right, double Bottom)
{
    // An anchor on the edge is outside: a distance of 0 can be predicted, but nothing about it is certain.
    private const double Inside = 1e-9;

    /// <summary>How much it counts, 0 to 1: the wanted scores of its anchors are multiplied by it. 1 for a box that a person drew.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Whether a point lies inside, not on an edge.</summary>
    public bool Holds(double x, double y) => Math.Min(Math.Min(x - Left, y - Top), Math.Min(Right - x, Bottom - y)) > Inside;
}
