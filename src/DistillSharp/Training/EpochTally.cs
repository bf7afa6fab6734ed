namespace DistillSharp.Training;

/// <summary>The running sums of an epoch; saved with the run, so that a resumed epoch reports what the uninterrupted one would.</summary>
internal sealed class EpochTally
{
    /// <summary>Pictures seen.</summary>
    public long Seen { get; set; }

    /// <summary>Pictures classified right; null where that is not counted.</summary>
    public long? Right { get; set; }

    /// <summary>The share of pictures classified right.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double? Accuracy => Right is { } right ? (double)right / Math.Max(1, Seen) : null;

    /// <summary>The total loss of each picture, summed.</summary>
    public double Loss { get; set; }

    /// <summary>Each term of each picture, summed, by key.</summary>
    public Dictionary<string, double> Terms { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Seconds spent in steps.</summary>
    public double Seconds { get; set; }

    /// <summary>Takes a step in.</summary>
    public void Add(int count, int? right, double loss, IEnumerable<(string Key, double Value)> terms)
    {
        Seen += count;
        Right = right is { } more ? (Right ?? 0) + more : Right;
        Loss += loss * count;
        foreach (var (key, value) in terms)
        {
            Terms[key] = Terms.GetValueOrDefault(key) + (value * count);
        }
    }
}
