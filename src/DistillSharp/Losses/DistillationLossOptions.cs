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
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Weight), value, "A loss's weight must be 0 or more.");
    } = 1;

    /// <summary>The weight over the run, as a factor of it: <c>constant</c>, <c>warm-up</c>, <c>linear</c>, <c>cosine</c> or any other schedule. Null (default) is constant.</summary>
    public PluginChoice<Schedule>? WeightSchedule { get; init; }
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
