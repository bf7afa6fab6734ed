using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Temperatures;

/// <summary>The temperature of one batch: a number, or a tensor of one number that is learned.</summary>
public sealed class Softness
{
    private readonly Tensor? _learned;

    /// <summary>A temperature that is given.</summary>
    /// <param name="value">The temperature, above 0.</param>
    public Softness(double value) => Value = value;

    internal Softness(Tensor learned) => (_learned, Value) = (learned, learned.ToDouble());

    /// <summary>The temperature.</summary>
    public double Value { get; }

    /// <summary>Logits divided by the temperature.</summary>
    /// <param name="logits">The logits.</param>
    public Tensor Soften(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return _learned is not null ? logits.div(_learned) : Value == 1 ? logits : logits.div(Number.Of(Value));
    }

    /// <summary>A loss times the temperature squared, which keeps its gradient's size the same at every temperature.</summary>
    /// <param name="loss">A scalar, or a factor of a loss.</param>
    /// <param name="factor">What it is multiplied by besides, in the same operation.</param>
    public Tensor Rescale(Tensor loss, double factor = 1)
    {
        ArgumentNullException.ThrowIfNull(loss);
        double scale = _learned is null ? Value * Value * factor : factor;
        var scaled = scale == 1 ? loss : loss.mul(Number.Of(scale));
        return _learned is null ? scaled : scaled.mul(_learned.Squared().squeeze());
    }
}
