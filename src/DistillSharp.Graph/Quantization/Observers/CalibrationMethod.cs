namespace DistillSharp.Graph.Quantization.Observers;

/// <summary>How the ranges of activations are chosen.</summary>
public enum CalibrationMethod
{
    /// <summary>Every number seen is covered.</summary>
    MinMax,

    /// <summary>The extremes of the batches are averaged.</summary>
    MovingAverage,

    /// <summary>All but the outermost of 10 000 numbers on either side are covered.</summary>
    Percentile,

    /// <summary>The distribution over the integers stays nearest to that of the numbers.</summary>
    Entropy,

    /// <summary>The mean squared error is least.</summary>
    Mse,
}

/// <summary>Makes observers.</summary>
public static class CalibrationMethods
{
    /// <summary>An observer for one value.</summary>
    /// <param name="method">The method.</param>
    /// <param name="percentile">The percentile of <see cref="CalibrationMethod.Percentile"/>.</param>
    public static RangeObserver CreateObserver(this CalibrationMethod method, double percentile = 99.99) => method switch
    {
        CalibrationMethod.MinMax => new MinMaxObserver(),
        CalibrationMethod.MovingAverage => new MovingAverageObserver(),
        CalibrationMethod.Percentile => new PercentileObserver(percentile),
        CalibrationMethod.Entropy => new EntropyObserver(),
        CalibrationMethod.Mse => new MseObserver(),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "There is no such calibration."),
    };
}
