using DistillSharp.Graph;
using DistillSharp.Plugins;

namespace DistillSharp.Losses;

/// <summary>What a loss is told before the first batch: shapes to build adapters from, and what it needs of data and teacher.</summary>
public sealed record LossSetup
{
    /// <summary>The shapes of a batch.</summary>
    public required LossShapes Shapes { get; init; }

    /// <summary>The seed of adapters and of what the loss draws. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>What adapters compute in: <see cref="ElementType.Float32"/> (default) or <see cref="ElementType.Float64"/>.</summary>
    public ElementType Precision { get; init; } = ElementType.Float32;

    /// <summary>Where adapters live: <c>cpu</c> (default), <c>cuda</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The class of every training sample, for losses that draw other samples; empty where there are none.</summary>
    public IReadOnlyList<int> SampleLabels { get; init; } = [];

    /// <summary>The teacher's last layer, <c>[C, D]</c> and <c>[C]</c>; null where no loss needs it.</summary>
    public (TensorData Weight, TensorData Bias)? TeacherClassifier { get; init; }

    /// <summary>The scale and bias of the batch normalisation that makes each of the teacher's features, <c>[C]</c> each.</summary>
    public IReadOnlyList<(TensorData Scale, TensorData Bias)> TeacherNorms { get; init; } = [];

    /// <summary>Where schedules are found.</summary>
    public PluginCatalogs Plugins { get; init; } = PluginCatalogs.BuiltIn;
}
