namespace DistillSharp.Training;

/// <summary>What chooses the best epoch: the highest held-out score, then the lowest held-out loss; without held-out images the latest.</summary>
/// <param name="Score">The score, higher is better; null where the epoch was not evaluated.</param>
/// <param name="Loss">The loss, lower is better.</param>
internal readonly record struct HeldOutScore(double? Score, double? Loss)
{
    /// <summary>Whether it is better than the best so far.</summary>
    /// <param name="best">The best so far; null at first.</param>
    public bool Beats(HeldOutScore? best) => best is not { Score: not null } one || Score > one.Score || (Score == one.Score && Loss < one.Loss);
}
