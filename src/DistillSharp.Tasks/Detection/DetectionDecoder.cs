namespace DistillSharp.Tasks.Detection;

/// <summary>
/// Turns a detector's answer for one picture into boxes: candidates above a confidence, the surest first, without those that overlap a surer one
/// (greedy non-maximum suppression). Boxes and scores that are no finite numbers are dropped. Its buffers are kept: for one thread.
/// </summary>
public sealed class DetectionDecoder
{
    private readonly NonMaxSuppressionOptions _options;
    private readonly CandidateHeap _candidates = new();
    private readonly KeptBoxes _kept = new();
    private readonly HashSet<int> _wanted;
    private readonly Dictionary<int, int> _groups = [];
    private float[] _planes = [], _best = [];
    private int[] _labels = [];

    /// <summary>Creates a decoder.</summary>
    /// <param name="options">Which boxes count.</param>
    public DetectionDecoder(NonMaxSuppressionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _wanted = [.. options.Classes];
    }

    /// <summary>Decodes one picture's answer.</summary>
    /// <param name="answer">The numbers, <see cref="DetectionOutput.Length"/> of them.</param>
    /// <param name="output">Their layout.</param>
    /// <param name="found">Emptied, then filled with the boxes in pixels of the model's input, by falling confidence.</param>
    /// <exception cref="ArgumentException">The numbers are not as many as the layout says.</exception>
    public void Decode(ReadOnlySpan<float> answer, DetectionOutput output, List<DetectedBox> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        if (answer.Length != output.Length)
        {
            throw new ArgumentException($"{answer.Length} numbers are no answer of {output.BoxCount} boxes and {output.ClassCount} classes; {output.Length} were expected.", nameof(answer));
        }

        found.Clear();
        _candidates.Clear();
        if (output.Form == DetectionForm.Finished)
        {
            Finished(answer, found);
            return;
        }

        var planes = output is { Form: DetectionForm.Planes, HasObjectness: false } ? answer : Planes(answer, output);
        Collect(planes[(4 * output.BoxCount)..], output);
        Suppress(planes, output, found);
    }

    /// <summary>Chooses among boxes that are read already, by the same options; each place's classes were chosen by whoever read them.</summary>
    /// <param name="candidates">The boxes, in any order; of equal confidences the first comes first. Classes below 0 are no boxes.</param>
    /// <param name="found">Another list: emptied, then filled with the boxes that stay, by falling confidence.</param>
    /// <param name="suppress">Whether a box that overlaps a surer one is dropped; false for boxes that were chosen inside the model.</param>
    /// <exception cref="ArgumentException">Both lists are one.</exception>
    public void Choose(IReadOnlyList<DetectedBox> candidates, List<DetectedBox> found, bool suppress = true)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(found);
        if (ReferenceEquals(candidates, found))
        {
            throw new ArgumentException("Boxes cannot be chosen from the list that they are put into; give another one.", nameof(found));
        }

        found.Clear();
        _candidates.Clear();
        _groups.Clear();
        for (int i = 0; i < candidates.Count; i++)
        {
            var one = candidates[i];
            if (one.Confidence > _options.Confidence && float.IsFinite(one.Confidence) && Finite(one.Box) && one.ClassIndex >= 0 && Wanted(one.ClassIndex))
            {
                _candidates.Add(one.Confidence, i);
                _groups.TryAdd(_options.ClassAgnostic ? 0 : one.ClassIndex, _groups.Count);
            }
        }

        _candidates.Order();
        _kept.Clear(_groups.Count);
        for (int looked = 0; found.Count < _options.MaxDetections && looked < _options.MaxCandidates && _candidates.TryTake(out _, out int number); looked++)
        {
            var one = candidates[number];
            if (!suppress || _kept.TryKeep(one.Box, _groups[_options.ClassAgnostic ? 0 : one.ClassIndex], _options.Iou))
            {
                found.Add(one);
            }
        }
    }

    private static bool Finite(BoundingBox box) => float.IsFinite(box.Left) && float.IsFinite(box.Top) && float.IsFinite(box.Right) && float.IsFinite(box.Bottom);

    private void Finished(ReadOnlySpan<float> rows, List<DetectedBox> found)
    {
        for (int i = 0; i < rows.Length / DetectionOutput.FinishedWidth; i++)
        {
            var row = rows.Slice(i * DetectionOutput.FinishedWidth, DetectionOutput.FinishedWidth);

            // Rows that were not filled have confidence 0, or class -1.
            if (row[4] > _options.Confidence && float.IsFinite(row[4]) && row[5] is >= 0 and < int.MaxValue && Wanted((int)row[5]))
            {
                _candidates.Add(row[4], i);
            }
        }

        _candidates.Order();
        while (found.Count < _options.MaxDetections && _candidates.TryTake(out float confidence, out int number))
        {
            var row = rows.Slice(number * DetectionOutput.FinishedWidth, DetectionOutput.FinishedWidth);
            var box = new BoundingBox(row[0], row[1], row[2], row[3]);
            if (Finite(box))
            {
                found.Add(new(box, confidence, (int)row[5]));
            }
        }
    }

    private void Collect(ReadOnlySpan<float> scores, DetectionOutput output)
    {
        int places = output.BoxCount, classes = output.ClassCount;
        if (_options.MultiLabel && classes > 1)
        {
            for (int label = 0; label < classes; label++)
            {
                var plane = scores.Slice(label * places, places);
                for (int i = Wanted(label) ? ScorePlanes.Next(plane, 0, _options.Confidence) : places; i < places; i = ScorePlanes.Next(plane, i + 1, _options.Confidence))
                {
                    _candidates.Add(plane[i], checked((i * classes) + label));
                }
            }
        }
        else
        {
            if (_best.Length < places)
            {
                (_best, _labels) = (new float[places], new int[places]);
            }

            ScorePlanes.Best(scores, _options.Confidence, _best.AsSpan(0, places), _labels.AsSpan(0, places));
            for (int i = 0; i < places; i++)
            {
                if (_labels[i] >= 0 && Wanted(_labels[i]))
                {
                    _candidates.Add(_best[i], checked((i * classes) + _labels[i]));
                }
            }
        }

        _candidates.Order();
    }

    private void Suppress(ReadOnlySpan<float> planes, DetectionOutput output, List<DetectedBox> found)
    {
        int places = output.BoxCount;
        _kept.Clear(_options.ClassAgnostic ? 1 : output.ClassCount);
        for (int looked = 0; found.Count < _options.MaxDetections && looked < _options.MaxCandidates && _candidates.TryTake(out float confidence, out int number); looked++)
        {
            int place = number / output.ClassCount, label = number % output.ClassCount;
            var box = BoundingBox.Around(planes[place], planes[places + place], planes[(2 * places) + place], planes[(3 * places) + place]);
            if (float.IsFinite(confidence) && Finite(box) && _kept.TryKeep(box, _options.ClassAgnostic ? 0 : label, _options.Iou))
            {
                found.Add(new(box, confidence, label));
            }
        }
    }

    private bool Wanted(int label) => _wanted.Count == 0 || _wanted.Contains(label);

    /// <summary>The answer number by number, each class's score multiplied by the objectness of its place.</summary>
    private ReadOnlySpan<float> Planes(ReadOnlySpan<float> answer, DetectionOutput output)
    {
        int places = output.BoxCount, length = checked((4 + output.ClassCount) * places);
        var (step, stride) = output.Form == DetectionForm.Planes ? (1, places) : (output.Width, 1);
        if (_planes.Length < length)
        {
            _planes = new float[length];
        }

        for (int place = 0; place < places; place++)
        {
            int at = place * step, own = output.HasObjectness ? 1 : 0;
            float objectness = output.HasObjectness ? answer[at + (4 * stride)] : 1;
            for (int number = 0; number < 4 + output.ClassCount; number++)
            {
                _planes[(number * places) + place] = number < 4 ? answer[at + (number * stride)] : answer[at + ((number + own) * stride)] * objectness;
            }
        }

        return _planes.AsSpan(0, length);
    }
}
