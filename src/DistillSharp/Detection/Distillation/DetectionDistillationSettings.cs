using DistillSharp.Losses;
using DistillSharp.Plugins;
using DistillSharp.Recipes;

namespace DistillSharp.Detection.Distillation;

/// <summary>What a detector learns from its teacher, and how much.</summary>
public sealed record DetectionDistillationSettings
{
    /// <summary>
    /// The distillation losses, each with its weight among its options; weights are for one picture, as the detector's own loss is. Empty (default) for what the teacher allows: where
    /// the heads are alike, features where the teacher sees objects (<c>score-weighted</c>), class scores (<c>sigmoid-kd</c>) and box sides (<c>ld</c>); else <c>boxes</c>.
    /// </summary>
    public IReadOnlyList<PluginChoice<DistillationLoss>> Losses { get; init; } = [];

    /// <summary>The weight of the detector's own loss, 0 or more; 0 needs no true boxes. Default 1.</summary>
    public double Hard
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Hard), value, "The weight of the detector's own loss must be 0 (the teacher alone) or more.");
    } = 1;

    /// <summary>At which cells class scores and box sides are compared. Default <c>both</c>.</summary>
    public CellChoice Cells { get; init; } = CellChoice.Both;

    /// <summary>How sure of a class the teacher must be at a confident cell, above 0 and below 1. Default 0.25.</summary>
    public double Confidence
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Confidence), value, "The confidence of a cell must be above 0 and below 1; 0.1 to 0.5 in practice.");
    } = 0.25;

    /// <summary>Weights that follow the gradients. Null (default): weights are taken as they are.</summary>
    public BalanceSettings? Balance { get; init; }
}

/// <summary>Cells of a detector's maps.</summary>
public enum CellChoice
{
    /// <summary>Those that the student's own loss gave a true box to, and those where the teacher is sure of an object.</summary>
    Both,

    /// <summary>Those that the student's own loss gave a true box to.</summary>
    Assigned,

    /// <summary>Those where the teacher is sure of an object.</summary>
    Confident,
}
