namespace DistillSharp.Training;

/// <summary>
/// What chooses an epoch. With a standard error it is the latest epoch whose score is within one standard error of the highest (the one-standard-error rule: Breiman, Friedman, Olshen and
/// Stone, Classification and Regression Trees, 1984, section 3.4.3): on few held-out images the highest score is mostly luck, while later epochs have learned for longer. Without one it is
/// the highest score, then the lowest loss; without held-out images the latest epoch.
/// </summary>
/// <param name="Score">The score, higher is better; null where the epoch was not evaluated.</param>
/// <param name="Loss">The loss, lower is better.</param>
/// <param name="Error">The standard error of the score; null where it is not known.</param>
internal readonly record struct HeldOutScore(double? Score, double? Loss, double? Error = null)
{
    /// <summary>Whether it is higher than the highest so far.</summary>
    /// <param name="highest">The highest so far; null at first.</param>
    public bool Beats(HeldOutScore? highest) => highest is not { Score: not null } one || Score > one.Score || (Score == one.Score && Loss < one.Loss);

    /// <summary>Whether its model is the one to keep.</summary>
    /// <param name="highest">The highest so far; null at first.</param>
    public bool Replaces(HeldOutScore? highest) => Beats(highest) || Score >= highest!.Value.Score - highest.Value.Error;
}
