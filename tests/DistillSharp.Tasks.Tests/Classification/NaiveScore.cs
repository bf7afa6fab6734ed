namespace DistillSharp.Tasks.Tests.Classification;

/// <summary>A classifier's score by the definitions, with sorting and lists instead of running sums.</summary>
internal sealed class NaiveScore
{
    private readonly int[] _labels;
    private readonly double[][] _probabilities;
    private readonly int[][] _ranked;

    public NaiveScore(float[] logits, int[] labels, int classes)
    {
        _labels = labels;
        var rows = logits.Chunk(classes).ToArray();
        // The largest logit is taken off so that a confidence on the edge of a bin (a third, a fifth) is rounded as it is elsewhere.
        _probabilities = [.. rows.Select(row => row.Select(logit => Math.Exp((double)logit - row.Max()) / row.Sum(other => Math.Exp((double)other - row.Max()))).ToArray())];

        // LINQ sorts stably: of equal logits the first class comes first.
        _ranked = [.. rows.Select(row => Enumerable.Range(0, classes).OrderByDescending(label => row[label]).ToArray())];
    }

    public IEnumerable<int> Predictions => _ranked.Select(ranked => ranked[0]);

    public double Top(int places) => _ranked.Zip(_labels).Average(pair => pair.First.Take(places).Contains(pair.Second) ? 1.0 : 0);

    public double Nll() => _probabilities.Zip(_labels).Average(pair => -Math.Log(pair.First[pair.Second]));

    /// <summary>Guo et al., arXiv:1706.04599, equation 3, with 15 bins.</summary>
    public double CalibrationError() =>
        // The largest logit is taken off so that a confidence on the edge of a bin (a third, a fifth) is rounded as it is elsewhere.
        _probabilities.Zip(_labels, Predictions)
            .Select(sample => (Confidence: sample.First.Max(), Right: sample.Second == sample.Third ? 1.0 : 0))
            .GroupBy(sample => Math.Min(14, Math.Floor(sample.Confidence * 15)))
            .Sum(bin => bin.Count() / (double)_labels.Length * Math.Abs(bin.Average(sample => sample.Right) - bin.Average(sample => sample.Confidence)));
}
