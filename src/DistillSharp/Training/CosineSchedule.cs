using DistillSharp.Tasks;

namespace DistillSharp.Training;

/// <summary>Lets the learning rate fall along half a cosine (Loshchilov and Hutter, arXiv:1608.03983).</summary>
/// <param name="options">The options.</param>
[Plugin("cosine", "Falls along half a cosine (arXiv:1608.03983)")]
public sealed class CosineSchedule(CosineScheduleOptions options) : Schedule
{
    /// <inheritdoc/>
    public override double FactorAt(double progress, int epoch) =>
        options.FinalFactor + ((1 - options.FinalFactor) * 0.5 * (1 + Math.Cos(Math.PI * progress)));
}

/// <summary>The options of <see cref="CosineSchedule"/>.</summary>
public sealed record CosineScheduleOptions
{
    /// <summary>The factor the rate falls to, 0 up to 1. Default 0.</summary>
    public double FinalFactor
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(FinalFactor), value, "The final factor must be from 0 to 1.");
    }
}
