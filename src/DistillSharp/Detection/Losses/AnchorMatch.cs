namespace DistillSharp.Detection.Losses;

/// <summary>An anchor that shall find a true box.</summary>
/// <param name="Picture">The picture in the batch.</param>
/// <param name="Anchor">The anchor's number in its picture.</param>
/// <param name="Truth">The true box's number in the batch.</param>
/// <param name="Score">The score that its class shall have, 0 to 1; also its weight in the boxes' losses.</param>
internal readonly record struct AnchorMatch(int Picture, int Anchor, int Truth, double Score);
