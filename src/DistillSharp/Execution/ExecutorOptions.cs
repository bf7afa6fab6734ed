using DistillSharp.Graph;

namespace DistillSharp.Execution;

/// <summary>The options of <see cref="GraphExecutor"/>.</summary>
public sealed record ExecutorOptions
{
    /// <summary>The values to compute, by name; empty means the graph's outputs. A tap is just another name. Default empty.</summary>
    public IReadOnlyList<string> Wanted { get; init; } = [];

    /// <summary>What floating-point values are computed in: <see cref="ElementType.Float32"/> or <see cref="ElementType.Float64"/>. Default Float32.</summary>
    public ElementType Precision
    {
        get;
        init => field = value is ElementType.Float32 or ElementType.Float64
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Precision), value, "The executor computes in Float32 or Float64.");
    } = ElementType.Float32;

    /// <summary>Where tensors live: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>. Default cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Whether a batch norm may see one value per channel in training, which it makes 0. Default no: it is refused, and the norm named.</summary>
    public bool AllowSingleValues { get; init; }

    /// <summary>The seed of Dropout's masks; the masks of a step are a function of (seed, step). Default 0.</summary>
    public long Seed { get; init; }
}
