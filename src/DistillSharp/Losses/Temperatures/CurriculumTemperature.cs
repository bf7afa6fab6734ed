using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Tasks;

namespace DistillSharp.Losses.Temperatures;

/// <summary>
/// One learned temperature that makes the loss ever harder for the student (CTKD with a global temperature, Li et al., arXiv:2211.16231): T = lowest + range · sigmoid(p),
/// where p climbs the loss. Its gradient is reversed with a strength that grows from 0 along half a cosine. The loss's own temperature is not used.
/// </summary>
/// <param name="options">The options.</param>
[Plugin("curriculum", "A learned temperature that makes the loss ever harder (CTKD, arXiv:2211.16231)")]
public sealed class CurriculumTemperature(CurriculumTemperatureOptions options) : TemperatureSchedule
{
    /// <inheritdoc/>
    public override double At(double temperature, double progress, int epoch) => options.Lowest + (options.Range / (1 + Math.Exp(-options.Start)));

    /// <summary>How strongly the gradient of p is reversed.</summary>
    /// <param name="epoch">The 0-based epoch.</param>
    /// <returns>From 0 up to the strongest.</returns>
    public double ReversalAt(int epoch) => options.Strongest * 0.5 * (1 - Math.Cos(Math.PI * Math.Min(1, (double)epoch / options.Epochs)));

    /// <summary>The temperature as a graph of one trained number, <c>p</c>, and one output, <c>temperature</c>, <c>[1]</c>.</summary>
    internal ModelGraph Graph()
    {
        var b = new GraphBuilder("temperature");
        string p = b.Weight("p", Initialization.Constant(options.Start), 1);
        string scaled = b.Node("Mul", "scaled", [b.Node("Sigmoid", "share", [p]), b.Constant("range", TensorData.Create<float>([(float)options.Range], 1))]);
        b.Node("Add", "temperature", [scaled, b.Constant("lowest", TensorData.Create<float>([(float)options.Lowest], 1))]);
        return b.Build([new GraphValue("temperature", ElementType.Float32, [1])]);
    }
}

/// <summary>The options of <see cref="CurriculumTemperature"/>.</summary>
public sealed record CurriculumTemperatureOptions
{
    /// <summary>The temperature that p cannot go below, above 0. Default 1.</summary>
    public double Lowest
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Lowest), value, "The lowest temperature must be above 0; 1 in practice.");
    } = 1;

    /// <summary>How far the temperature can rise above it, above 0. Default 20.</summary>
    public double Range
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Range), value, "The range must be above 0; 20 in practice.");
    } = 20;

    /// <summary>What p starts at, 0 (the middle of the range) or more. Default 1.</summary>
    public double Start
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Start), value, "The start must be 0 or more; 1 in practice.");
    } = 1;

    /// <summary>Epochs over which the reversal grows to its strongest, 1 or more. Default 10.</summary>
    public int Epochs
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Epochs), value, "The reversal grows over 1 epoch or more; 10 in practice.");
    } = 10;

    /// <summary>The strongest reversal, 0 or more. Default 1.</summary>
    public double Strongest
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Strongest), value, "The strongest reversal must be 0 or more; 1 in practice.");
    } = 1;
}
