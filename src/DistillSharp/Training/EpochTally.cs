using TorchSharp;

namespace DistillSharp.Training;

/// <summary>The running sums of an epoch; saved with the run, so that a resumed epoch reports what the uninterrupted one would.</summary>
internal sealed class EpochTally
{
    /// <summary>Pictures seen.</summary>
    public long Seen { get; set; }

    /// <summary>Images that have an answer: those with a label.</summary>
    public long Answered { get; set; }

    /// <summary>Images classified right; null where that is not counted.</summary>
    public long? Right { get; set; }

    /// <summary>The share of images with an answer that are classified right.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double? Accuracy => Right is { } right ? (double)right / Math.Max(1, Answered) : null;

    /// <summary>The total loss of each picture, summed.</summary>
    public double Loss { get; set; }

    /// <summary>Each term of each picture, summed, by key.</summary>
    public Dictionary<string, double> Terms { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Each term of each picture times its weight, summed, by key.</summary>
    public Dictionary<string, double> Weighted { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The norm of the gradient that each weighted term sent into the model in the epoch's first step, by key.</summary>
    public Dictionary<string, double> Gradients { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Seconds spent in steps.</summary>
    public double Seconds { get; set; }

    /// <summary>Takes a step in.</summary>
    public void Add(int count, (int? Right, int Of) answers, double loss, IEnumerable<(string Key, double Value)> terms)
    {
        var (right, of) = answers;
        Seen += count;
        Answered += of;
        Right = right is { } more ? (Right ?? 0) + more : Right;
        Loss += loss * count;
        foreach (var (key, value) in terms)
        {
            Terms[key] = Terms.GetValueOrDefault(key) + (value * count);
        }
    }

    /// <summary>Takes a step's weighted terms in.</summary>
    public void AddWeighted(int count, IReadOnlyList<string> keys, IReadOnlyList<(double Weight, TorchSharp.torch.Tensor Value)> terms)
    {
        if (terms.Count < 2)
        {
            return;
        }

        for (int i = 0; i < terms.Count; i++)
        {
            Weighted[keys[i]] = Weighted.GetValueOrDefault(keys[i]) + (terms[i].Value.ToDouble() * terms[i].Weight * count);
        }
    }

    /// <summary>Sums as means of a picture.</summary>
    public Dictionary<string, double> MeanOf(Dictionary<string, double> sums) => sums.ToDictionary(term => term.Key, term => term.Value / Math.Max(1, Seen));
}
