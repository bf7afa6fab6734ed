namespace DistillSharp.Recipes;

/// <summary>The student's own moving average as its teacher (mean teacher, Tarvainen and Valpola, arXiv:1703.01780).</summary>
public sealed record SelfTeacherSettings
{
    /// <summary>The decay of the average, 0 up to 1; it grows to it. Default 0.999.</summary>
    public double Decay
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Decay), value, "The average's decay must be 0 or more and below 1; 0.99 to 0.999 in practice.");
    } = 0.999;
}
