namespace DistillSharp.Recipes;

/// <summary>Weights that follow the gradients: each term's gradient in the student is brought to the proportion of its weight.</summary>
public sealed record BalanceSettings
{
    /// <summary>Steps of the optimiser between measurements, 1 or more: each costs a backward pass a term. Default 50.</summary>
    public int Every
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Every), value, "Gradients are measured every 1 step or more; 50 in practice.");
    } = 50;

    /// <summary>How much of the earlier norms stays at a measurement, 0 up to 1. Default 0.9.</summary>
    public double Smoothing
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Smoothing), value, "The smoothing must be 0 or more and below 1; 0.9 in practice.");
    } = 0.9;
}
