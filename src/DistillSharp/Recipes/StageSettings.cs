using DistillSharp.Losses;
using DistillSharp.Plugins;
using DistillSharp.Training;

namespace DistillSharp.Recipes;

/// <summary>What the student learns before the main distillation, from which it then goes on: hints first, then soft labels.</summary>
public sealed record StageSettings
{
    /// <summary>The distillation losses of this stage.</summary>
    public required IReadOnlyList<PluginChoice<DistillationLoss>> Losses
    {
        get;
        init => field = value.Count > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Losses), "[]", "A stage needs one loss or more.");
    }

    /// <summary>The weight of the hard labels' cross-entropy, 0 or more. Default 0.</summary>
    public double Hard
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Hard), value, "The weight of the hard labels must be 0 or more.");
    }

    /// <summary>How this stage is trained; null for the student's way.</summary>
    public TrainingOptions? Training { get; init; }
}
