using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Plugins;
using DistillSharp.Tasks.Data;

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

    /// <summary>What the student learns first, stage by stage, each from where the one before ended. Default nothing.</summary>
    public IReadOnlyList<StageSettings> Stages { get; init; } = [];

    /// <summary>Weights that follow the gradients. Null (default): weights are taken as they are.</summary>
    public BalanceSettings? Balance { get; init; }

    /// <summary>What is done to the strongly augmented view, in order, for losses that compare two views of a picture. Default nothing: they see one view.</summary>
    public IReadOnlyList<PluginChoice<Augmentation>> StrongAugment { get; init; } = [];

    /// <summary>Whether the last layer's biases of the omitted classes are tuned afterwards, by the total errors on the held-out samples. Default no.</summary>
    public bool TuneBias { get; init; }
}
