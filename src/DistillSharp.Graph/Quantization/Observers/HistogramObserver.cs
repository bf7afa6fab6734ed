namespace DistillSharp.Graph.Quantization.Observers;

/// <summary>Counts the numbers in bins of equal width between the extremes, in a second pass.</summary>
public abstract class HistogramObserver : RangeObserver
{
    private readonly int _bins;
    private double _start, _width;

    /// <summary>Creates the observer.</summary>
    /// <param name="bins">The number of bins, 256 or more.</param>
    protected HistogramObserver(int bins)
    {
        _bins = bins >= 256 ? bins : throw new ArgumentOutOfRangeException(nameof(bins), bins, "A histogram needs 256 bins or more.");
        Counts = new long[bins];
    }

    /// <inheritdoc/>
    public override int Passes => 2;

    /// <summary>How many numbers lie in each bin.</summary>
    protected long[] Counts { get; }

    /// <summary>The lower end of a bin.</summary>
    /// <param name="bin">The 0-based bin; the number of bins gives the upper end of the last.</param>
    protected double Edge(int bin) => bin == _bins ? EndOf() : _start + (bin * _width);

    /// <summary>Where the bins begin and end; the extremes, unless a method wants magnitudes.</summary>
    protected virtual (double Start, double End) Span() => (Least, Greatest);

    /// <summary>What is counted of a number: itself, unless a method wants magnitudes.</summary>
    /// <param name="number">The number.</param>
    protected virtual double Measure(float number) => number;

    /// <summary>Whether a number is counted at all.</summary>
    /// <param name="number">The number.</param>
    protected virtual bool IsCounted(float number) => true;

    /// <inheritdoc/>
    protected override void BeginCounting()
    {
        if (Pass == 1)
        {
            (_start, double end) = Span();
            _width = (end - _start) / _bins;
        }
    }

    /// <inheritdoc/>
    protected override void Count(ReadOnlySpan<float> numbers)
    {
        double perWidth = _width > 0 ? 1 / _width : 0;
        foreach (float number in numbers)
        {
            if (IsCounted(number))
            {
                Counts[Math.Clamp((int)((Measure(number) - _start) * perWidth), 0, _bins - 1)]++;
            }
        }
    }

    private double EndOf() => Span().End;
}
