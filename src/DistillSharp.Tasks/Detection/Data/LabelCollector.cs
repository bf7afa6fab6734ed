using System.Globalization;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>Collects one picture's boxes, and what is wrong with them, by rules that are the same for every format.</summary>
/// <param name="classCount">The number of classes.</param>
internal sealed class LabelCollector(int classCount)
{
    /// <summary>Boxes that one picture may have; more is no picture of this world.</summary>
    public const int MaxBoxes = 100_000;

    // What rounding to six digits may add to an edge at 1.
    private const float Slack = 1e-6f;
    private readonly List<BoxLabel> _labels = [];
    private readonly HashSet<BoxLabel> _seen = [];
    private readonly List<string> _remarks = [], _unknown = [];
    private int _duplicates;
    private string? _corrupt;

    public bool IsFull => _labels.Count >= MaxBoxes;

    /// <summary>Takes a box.</summary>
    /// <param name="label">The box.</param>
    /// <param name="place">Its file and line.</param>
    public void Add(BoxLabel label, string place)
    {
        Span<float> numbers = [label.X, label.Y, label.Width, label.Height];
        if (numbers.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
        {
            Spoil(place, "labels must be finite numbers, NaN or infinity found");
        }
        else if (numbers.ContainsAnyExceptInRange(0, float.MaxValue) || label.ClassIndex < 0)
        {
            Spoil(place, $"negative label values [{Text(label)}]");
        }
        else if (numbers.ContainsAnyExceptInRange(0, 1 + Slack))
        {
            Spoil(place, $"non-normalized or out of bounds coordinates [{Text(label)}]");
        }
        else if (label.ClassIndex >= classCount)
        {
            _unknown.Add($"{place}: label class {label.ClassIndex} exceeds dataset class count {classCount}. Possible class labels are 0-{classCount - 1}");
        }
        else if (label.Width <= 0 || label.Height <= 0)
        {
            _remarks.Add($"{place}: zero-area box removed [{Text(label)}]");
        }
        else if (!_seen.Add(label))
        {
            _duplicates++;
        }
        else
        {
            _labels.Add(label);
        }
    }

    /// <summary>Notes what makes the picture useless; the first such thing counts.</summary>
    public void Spoil(string place, string why) => _corrupt ??= $"{place}: {why}";

    /// <summary>Notes what was left out.</summary>
    public void Remark(string place, string what) => _remarks.Add($"{place}: {what}");

    /// <summary>What came of it.</summary>
    /// <param name="file">The file, for the count of duplicates.</param>
    public LabelReading Finish(string file)
    {
        if (_duplicates > 0)
        {
            _remarks.Add($"{file}: {_duplicates} duplicate labels removed");
        }

        return new(_corrupt is null ? [.. _labels] : []) { Corrupt = _corrupt, Remarks = _remarks, UnknownClasses = _unknown };
    }

    private static string Text(BoxLabel label) =>
        string.Create(CultureInfo.InvariantCulture, $"{label.ClassIndex} {label.X:G6} {label.Y:G6} {label.Width:G6} {label.Height:G6}");
}
