using DistillSharp.Execution;
using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>The exponential moving average of the weights. The decay grows to its value over the first steps, so that the random start is forgotten.</summary>
internal sealed class WeightAverage(FlatBuffer weights, double decay) : IDisposable
{
    /// <summary>The averaged weights, laid out like the weights.</summary>
    public Tensor Values { get; } = weights.Values.clone();

    /// <summary>Takes the current weights in.</summary>
    /// <param name="step">The 0-based step just taken.</param>
    public void Update(long step)
    {
        using var guard = no_grad();
        double now = Math.Min(decay, (1.0 + step) / (10.0 + step));
        Values.mul_(Number.Of(now));
        Values.add_(weights.Values, Number.Of(1 - now));
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();
}
