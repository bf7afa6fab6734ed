namespace DistillSharp.Tasks.Detection.Metrics;

/// <summary>
/// Precision over recall of one class as its boxes are taken by falling confidence; the average precision is Ultralytics' variant: the area under the envelope by the trapezoidal rule at 101
/// points of recall, with the curve extended from the last recall that is reached to a precision of 0 at recall 1. COCO's evaluator counts nothing beyond that recall.
/// </summary>
internal sealed class PrecisionRecall
{
    private const int RecallPoints = 101;
    private static readonly double[] s_recalls = Curve.Axis(RecallPoints);
    private readonly double[] _confidences, _recall, _precision;

    /// <summary>Works out the curve.</summary>
    /// <param name="confidences">The found boxes' confidences, falling.</param>
    /// <param name="right">Their matches, a bit a threshold.</param>
    /// <param name="threshold">The threshold, 0 to 9.</param>
    /// <param name="truths">How many true boxes there are, above 0.</param>
    public PrecisionRecall(ReadOnlySpan<float> confidences, ReadOnlySpan<ushort> right, int threshold, int truths)
    {
        int count = confidences.Length, hits = 0;
        (_confidences, _recall, _precision) = (new double[count], new double[count], new double[count]);
        for (int i = 0; i < count; i++)
        {
            hits += (right[i] >> threshold) & 1;
            _confidences[i] = -confidences[i];
            _recall[i] = hits / (double)truths;
            _precision[i] = hits / (double)(i + 1);
        }
    }

    /// <summary>The recall among boxes of at least a confidence.</summary>
    public double RecallAt(double confidence) => Curve.At(_confidences, _recall, -confidence, 0);

    /// <summary>The precision among boxes of at least a confidence; 1 where there is none.</summary>
    public double PrecisionAt(double confidence) => Curve.At(_confidences, _precision, -confidence, 1);

    /// <summary>The precision at places of recall: the best one at that recall or beyond.</summary>
    /// <param name="recalls">The places, 0 to 1.</param>
    public double[] Envelope(double[] recalls)
    {
        double[] places = [0, .. _recall, 1], values = [1, .. _precision, 0];
        for (int i = values.Length - 2; i >= 0; i--)
        {
            values[i] = Math.Max(values[i], values[i + 1]);
        }

        return [.. recalls.Select(recall => Curve.At(places, values, recall, values[0]))];
    }

    /// <summary>The average precision, 0 to 0.995: the curve ends at 0, which costs a faultless class half of the last of 100 steps.</summary>
    public double Average()
    {
        double[] precision = Envelope(s_recalls);
        double area = 0;
        for (int i = 1; i < RecallPoints; i++)
        {
            area += (s_recalls[i] - s_recalls[i - 1]) * (precision[i] + precision[i - 1]) / 2;
        }

        return area;
    }
}
