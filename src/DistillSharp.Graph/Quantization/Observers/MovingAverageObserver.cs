namespace DistillSharp.Graph.Quantization.Observers;

/// <summary>Averages the extremes of the batches, later ones counting more (Jacob et al., arXiv:1712.05877, section 3.1).</summary>
/// <param name="momentum">The share that the average keeps at each batch, 0 up to 1. Default 0.9.</param>
public sealed class MovingAverageObserver(double momentum = 0.9) : RangeObserver
{
    private readonly double _momentum = momentum is >= 0 and < 1 ? momentum : throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "The momentum is 0 or more and below 1; 0.9 in practice.");
    private (float Least, float Greatest)? _batch;
    private (double Least, double Greatest)? _average;

    /// <inheritdoc/>
    public override void EndBatch()
    {
        if (Pass == 0 && _batch is { } batch)
        {
            _average = _average is { } average
                ? ((_momentum * average.Least) + ((1 - _momentum) * batch.Least), (_momentum * average.Greatest) + ((1 - _momentum) * batch.Greatest))
                : (batch.Least, batch.Greatest);
            _batch = null;
        }
    }

    /// <inheritdoc/>
    public override QuantizationRange Range()
    {
        EndBatch();
        return _average is { } average ? new(average.Least, average.Greatest) : new(0, 0);
    }

    /// <inheritdoc/>
    protected override void SeeExtremes(float least, float greatest) =>
        _batch = _batch is { } batch ? (Math.Min(batch.Least, least), Math.Max(batch.Greatest, greatest)) : (least, greatest);
}
