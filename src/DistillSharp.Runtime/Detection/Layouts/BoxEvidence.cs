namespace DistillSharp.Runtime.Detection.Layouts;

/// <summary>
/// What a sample of answers says of their numbers. Of each picture the 20 surest places count; places that are not filled (a score of 0 or no class beside a label, a box of zeros) do not.
/// </summary>
internal sealed class BoxEvidence
{
    private const int Surest = 20;

    /// <summary>A share reaches a little beyond the picture, a pixel far.</summary>
    private const float MostShare = 1.5f;

    /// <summary>Of valid corners none ends before it begins; a stray place of a raw head may.</summary>
    private const int OneIn = 20;

    /// <summary>What rounding may add to a probability.</summary>
    private const float Slack = 0.001f;

    private readonly (float Score, int Place)[] _best = new (float, int)[Surest];
    private int _boxes, _inverted;
    private float _furthest;
    private bool _outside;

    /// <summary>Looks at one picture's answer.</summary>
    public void Add(PictureAnswer answer)
    {
        int kept = 0;
        for (int place = 0; place < answer.Count; place++)
        {
            if (IsFilled(answer, place))
            {
                float best = Look(answer, place);
                kept = float.IsFinite(best) ? Keep(best, place, kept) : kept;
            }
        }

        foreach (var (_, place) in _best.AsSpan(0, kept))
        {
            _boxes++;
            float a = answer.Box(place, 0), b = answer.Box(place, 1), c = answer.Box(place, 2), d = answer.Box(place, 3);
            _inverted += c < a || d < b ? 1 : 0;
            _furthest = Math.Max(_furthest, Math.Max(Math.Max(Math.Abs(a), Math.Abs(b)), Math.Max(Math.Abs(c), Math.Abs(d))));
        }
    }

    /// <summary>Settles what the numbers mean.</summary>
    /// <param name="options">What is said of them.</param>
    /// <param name="outputs">Where they lie.</param>
    /// <returns>What they mean; null where no box has been seen and something is to be told by one.</returns>
    public BoxReading? Settle(BoxDetectorOptions options, BoxOutputs outputs)
    {
        var format = options.BoxFormat != BoxFormat.Auto ? options.BoxFormat
            : outputs.Form is PlaceForm.Planes or PlaceForm.Rows ? BoxFormat.Cxcywh
            : outputs.Form != PlaceForm.Finished && _inverted > 0 && _inverted * OneIn >= _boxes ? BoxFormat.Cxcywh
            : BoxFormat.Xyxy;
        var unit = options.BoxUnit != BoxUnit.Auto ? options.BoxUnit : _furthest <= MostShare ? BoxUnit.Share : BoxUnit.Pixels;
        var kind = options.ScoreKind != ScoreKind.Auto ? options.ScoreKind : !_outside ? ScoreKind.Probability : outputs.HasNoObject ? ScoreKind.Softmax : ScoreKind.Sigmoid;
        bool said = options.BoxFormat != BoxFormat.Auto && options.BoxUnit != BoxUnit.Auto && options.ScoreKind != ScoreKind.Auto;
        return _boxes > 0 || said ? new(format, unit, kind) : null;
    }

    private static bool IsFilled(in PictureAnswer answer, int place)
    {
        if (answer.IsLabelled && (answer.Label(place) < 0 || answer.Score(place, 0) == 0))
        {
            return false;
        }

        bool zeros = true;
        for (int i = 0; i < 4; i++)
        {
            float number = answer.Box(place, i);
            if (!float.IsFinite(number))
            {
                return false;
            }

            zeros &= number == 0;
        }

        return !zeros;
    }

    /// <summary>Looks at the scores of a place: their range and the best class's.</summary>
    private float Look(in PictureAnswer answer, int place)
    {
        float best = float.NegativeInfinity, own = answer.Objectness(place);
        _outside |= IsOutside(own);
        for (int i = 0; i < answer.Columns; i++)
        {
            float score = answer.Score(place, i);
            _outside |= IsOutside(score);
            best = i < answer.Classes && float.IsFinite(score) ? Math.Max(best, score) : best;
        }

        return answer.ObjectnessAt is null ? best : own;
    }

    private static bool IsOutside(float score) => float.IsFinite(score) && score is < -Slack or > 1 + Slack;

    /// <summary>Puts a place among the surest, the first of equal ones first.</summary>
    private int Keep(float score, int place, int kept)
    {
        if (kept == Surest && score <= _best[^1].Score)
        {
            return kept;
        }

        int at = kept < Surest ? kept++ : Surest - 1;
        for (; at > 0 && _best[at - 1].Score < score; at--)
        {
            _best[at] = _best[at - 1];
        }

        _best[at] = (score, place);
        return kept;
    }
}
