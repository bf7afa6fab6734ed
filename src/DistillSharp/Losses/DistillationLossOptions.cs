using System.Runtime.CompilerServices;
using DistillSharp.Plugins;
using DistillSharp.Training;

namespace DistillSharp.Losses;

/// <summary>The options all distillation losses share.</summary>
public abstract record DistillationLossOptions
{
    /// <summary>The factor of this term in the total loss, 0 or more. Default 1.</summary>
    public double Weight
    {
        get;
        init => field = AtLeastZero(value, "A loss's weight must be 0 or more.");
    } = 1;

    /// <summary>The weight over the run, as a factor of it: <c>constant</c>, <c>warm-up</c>, <c>linear</c>, <c>cosine</c> or any other schedule. Null (default) is constant.</summary>
    public PluginChoice<Schedule>? WeightSchedule { get; init; }

    /// <summary>A number, if it is finite and 0 or more.</summary>
    /// <param name="value">The number.</param>
    /// <param name="complaint">What is said of another: what must hold, and what is usual.</param>
    /// <param name="name">The option, which the compiler fills in.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0 or not finite.</exception>
    protected static double AtLeastZero(double value, string complaint, [CallerMemberName] string name = "") =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, complaint);

    /// <summary>A number, if it is finite and above 0.</summary>
    /// <param name="value">The number.</param>
    /// <param name="complaint">What is said of another: what must hold, and what is usual.</param>
    /// <param name="name">The option, which the compiler fills in.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is 0 or below, or not finite.</exception>
    protected static double AboveZero(double value, string complaint, [CallerMemberName] string name = "") =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, complaint);
}

/// <summary>The options of losses that compare features.</summary>
public abstract record FeatureLossOptions : DistillationLossOptions
{
    /// <summary>
    /// The features compared, by value or by module path: <c>layer2</c> for both models, <c>layer2=layer3</c> for student and teacher. Empty (default)
    /// for the pairs that both graphs propose, which are printed.
    /// </summary>
    public IReadOnlyList<string> Taps { get; init; } = [];
}
