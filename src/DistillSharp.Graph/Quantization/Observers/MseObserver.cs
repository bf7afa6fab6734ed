namespace DistillSharp.Graph.Quantization.Observers;

/// <summary>Shrinks the range by the factor that makes the mean squared error of rounding and cutting off together least.</summary>
/// <param name="steps">How many factors between 0 and 1 are tried. Default 100.</param>
/// <param name="bins">The bins of the histogram. Default 4096.</param>
public sealed class MseObserver(int steps = 100, int bins = 4096) : HistogramObserver(bins)
{
    private readonly int _steps = steps > 0 ? steps : throw new ArgumentOutOfRangeException(nameof(steps), steps, "At least one factor must be tried.");

    /// <inheritdoc/>
    public override QuantizationRange Range()
    {
        var whole = new QuantizationRange(Least, Greatest);
        if (!HasSeen || Counts.Sum() == 0)
        {
            return whole;
        }

        var (best, least) = (whole, double.PositiveInfinity);
        for (int step = _steps; step > 0; step--)
        {
            double factor = (double)step / _steps;
            var range = new QuantizationRange(whole.Low * factor, whole.High * factor);
            double error = Error(QuantizationParameters.Of(range, ElementType.UInt8));
            if (error < least)
            {
                (best, least) = (range, error);
            }
        }

        return best;
    }

    /// <summary>The sum of squared errors, each number taken at the middle of its bin.</summary>
    private double Error(QuantizationParameters parameters)
    {
        double error = 0;
        for (int bin = 0; bin < Counts.Length; bin++)
        {
            if (Counts[bin] > 0)
            {
                double number = (Edge(bin) + Edge(bin + 1)) / 2;
                double difference = number - parameters.Dequantize(parameters.Quantize((float)number));
                error += Counts[bin] * difference * difference;
            }
        }

        return error;
    }
}
