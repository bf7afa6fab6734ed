using DistillSharp.Losses;
using DistillSharp.Plugins;

namespace DistillSharp.Recipes;

/// <summary>What the student learns from the teacher, and how much.</summary>
public sealed record DistillationSettings
{
    /// <summary>The distillation losses, each with its weight among its options. Default <c>kd</c> at T = 4 with weight 1.</summary>
    public IReadOnlyList<PluginChoice<DistillationLoss>> Losses
    {
        get;
        init => field = value.Count > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Losses), "[]", "Distillation needs one loss or more.");
    } = [new("kd", new KdLossOptions())];

    /// <summary>The weight of the hard labels' cross entropy, 0 or more; 0 is soft labels only. Default 1.</summary>
    public double Hard
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Hard), value, "The weight of the hard labels must be 0 (soft labels only) or more.");
    } = 1;

    /// <summary>Whether the last layer's biases of the omitted classes are tuned afterwards, by the total errors on the held-out samples. Default no.</summary>
    public bool TuneBias { get; init; }
}
