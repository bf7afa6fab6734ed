using DistillSharp.Execution;
using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>
/// The exponential moving average of the weights, and of the running statistics where asked for. The decay grows to its value, so that the random start is
/// forgotten: as (1 + n) / (10 + n) over the first updates n, or with a time constant as 1 - exp(-n / tau).
/// </summary>
/// <param name="weights">The weights.</param>
/// <param name="decay">The decay that it grows to.</param>
/// <param name="tau">The time constant; 0 for none.</param>
/// <param name="statistics">The running statistics, where some go with the average.</param>
/// <param name="blended">Whether the statistics are averaged too; if not they are set from outside.</param>
internal sealed class WeightAverage(FlatBuffer weights, double decay, double tau = 0, FlatBuffer? statistics = null, bool blended = true) : IDisposable
{
    /// <summary>The averaged weights, laid out like the weights.</summary>
    public Tensor Values { get; } = weights.Values.clone();

    /// <summary>The running statistics of the averaged weights, laid out like those of the weights; null where there are none.</summary>
    public Tensor? Statistics { get; } = statistics?.Values.clone();

    /// <summary>Takes the current weights in.</summary>
    /// <param name="update">How many updates were taken in before this one.</param>
    public void Update(long update)
    {
        using var guard = no_grad();
        double now = tau > 0 ? decay * (1 - Math.Exp(-(update + 1) / tau)) : Math.Min(decay, (1.0 + update) / (10.0 + update));
        Blend(Values, weights.Values, now);
        if (Statistics is not null && blended)
        {
            Blend(Statistics, statistics!.Values, now);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Statistics?.Dispose();
    }

    private static void Blend(Tensor average, Tensor current, double kept)
    {
        average.mul_(Number.Of(kept));
        average.add_(current, Number.Of(1 - kept));
    }
}
