using DistillSharp.Adapters;
using DistillSharp.Losses.Temperatures;
using DistillSharp.Plugins;
using static TorchSharp.torch;

namespace DistillSharp.Losses;

/// <summary>A loss of logits that are softened by a temperature, which may change over the run or be learned.</summary>
/// <param name="options">The options such losses share.</param>
public abstract class TemperedLoss(TemperedLossOptions options) : DistillationLoss(options)
{
    private static readonly Dictionary<string, Tensor> s_nothing = [];
    private TemperatureSchedule? _schedule;
    private AdapterNetwork? _learned;

    /// <inheritdoc/>
    public override double Temperature => options.Temperature;

    /// <inheritdoc/>
    public override IReadOnlyList<AdapterNetwork> Adapters => _learned is null ? base.Adapters : [.. base.Adapters, _learned];

    /// <inheritdoc/>
    protected sealed override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (_learned is not null && _schedule is CurriculumTemperature curriculum)
        {
            _learned.GradientFactor = -curriculum.ReversalAt(inputs.Epoch);
            return Formula(inputs, new Softness(_learned.Run(s_nothing, inputs.Step)["temperature"]));
        }

        return Formula(inputs, new Softness(_schedule?.At(options.Temperature, inputs.Progress, inputs.Epoch) ?? options.Temperature));
    }

    /// <summary>The loss's formula at a temperature. Tensors made here are freed by the caller.</summary>
    /// <param name="inputs">What the batch gives, checked; the teacher's values are without gradient.</param>
    /// <param name="temperature">The temperature of this batch.</param>
    /// <returns>A scalar.</returns>
    protected abstract Tensor Formula(LossInputs inputs, Softness temperature);

    /// <inheritdoc/>
    protected override void OnPrepared(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        _schedule = options.TemperatureSchedule is { } choice ? setup.Plugins.Temperatures.Create(choice) : null;
        _learned?.Dispose();
        _learned = _schedule is CurriculumTemperature curriculum ? new(curriculum.Graph(), setup) : null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _learned?.Dispose();
        _learned = null;
        base.Dispose(disposing);
    }
}

/// <summary>The options of losses with a temperature.</summary>
public abstract record TemperedLossOptions : DistillationLossOptions
{
    /// <summary>The softmax temperature, above 0; 1 to 20 in practice. Default 4, unless the loss's own page says another.</summary>
    public double Temperature
    {
        get;
        init => field = AboveZero(value, "The temperature must be above 0; 1 to 20 in practice.");
    } = 4;

    /// <summary>The temperature over the run: <c>constant</c>, <c>linear</c> or <c>curriculum</c>. Null (default) is constant.</summary>
    public PluginChoice<TemperatureSchedule>? TemperatureSchedule { get; init; }
}
