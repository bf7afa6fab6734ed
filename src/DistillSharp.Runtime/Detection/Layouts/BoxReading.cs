using System.Globalization;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Runtime.Detection.Layouts;

/// <summary>What the numbers of a detector's answers mean; turns them into boxes. Nothing of it is left to be told.</summary>
/// <param name="Format">What the four numbers of a box mean.</param>
/// <param name="Unit">What they count.</param>
/// <param name="Kind">What scores are.</param>
internal sealed record BoxReading(BoxFormat Format, BoxUnit Unit, ScoreKind Kind)
{
    /// <summary>The most boxes of one picture that are looked at: an answer's claim must not take all memory.</summary>
    private const int MostCandidates = 1 << 22;

    /// <summary>Reads the boxes of one picture that are sure enough.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="size">Rows and columns of the model's input.</param>
    /// <param name="options">What a confidence must exceed, and whether each class of a place counts.</param>
    /// <param name="candidates">Emptied, then filled, place by place, in pixels of the input. Boxes without extent and numbers that are none are left out.</param>
    /// <exception cref="DataException">There are more than memory should be spent on.</exception>
    public void Read(PictureAnswer answer, (int Height, int Width) size, NonMaxSuppressionOptions options, List<DetectedBox> candidates)
    {
        candidates.Clear();
        for (int place = 0; place < answer.Count; place++)
        {
            double own = Own(answer, place);
            if (answer.IsLabelled)
            {
                Add(answer, place, answer.Label(place), Probability(answer.Score(place, 0), own), size, options, candidates);
            }
            else if (options.MultiLabel)
            {
                for (int label = 0; label < answer.Classes; label++)
                {
                    Add(answer, place, label, Probability(answer.Score(place, label), own), size, options, candidates);
                }
            }
            else if (Best(answer, place) is >= 0 and int best)
            {
                Add(answer, place, best, Probability(answer.Score(place, best), own), size, options, candidates);
            }
        }
    }

    /// <summary>The class with the highest finite score, the first of equal ones; -1 where there is none. Sigmoid and softmax keep their order.</summary>
    private static int Best(in PictureAnswer answer, int place)
    {
        int best = -1;
        float most = float.NegativeInfinity;
        for (int label = 0; label < answer.Classes; label++)
        {
            if (answer.Score(place, label) is var score && score > most && float.IsFinite(score))
            {
                (best, most) = (label, score);
            }
        }

        return best;
    }

    private static double Sigmoid(double logit) => double.IsFinite(logit) ? 1 / (1 + Math.Exp(-logit)) : double.NaN;

    /// <summary>What all scores of a place are held against: the logarithm of a softmax's sum; otherwise what they are multiplied by.</summary>
    private double Own(in PictureAnswer answer, int place)
    {
        if (Kind != ScoreKind.Softmax)
        {
            return answer.ObjectnessAt is null ? 1 : Kind == ScoreKind.Sigmoid ? Sigmoid(answer.Objectness(place)) : answer.Objectness(place);
        }

        double most = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < answer.Columns; i++)
        {
            most = Math.Max(most, answer.Score(place, i));
        }

        for (int i = 0; i < answer.Columns; i++)
        {
            sum += Math.Exp(answer.Score(place, i) - most);
        }

        return most + Math.Log(sum);
    }

    private float Probability(float score, double own) => (float)(Kind switch
    {
        ScoreKind.Sigmoid => Sigmoid(score) * own,
        ScoreKind.Softmax => Math.Exp(score - own),
        _ => score * own,
    });

    private void Add(in PictureAnswer answer, int place, int label, float confidence, (int Height, int Width) size, NonMaxSuppressionOptions options, List<DetectedBox> candidates)
    {
        if (!(confidence > options.Confidence) || !float.IsFinite(confidence) || label < 0)
        {
            return;
        }

        var box = Box(answer, place, size);
        if (!(box.Width > 0 && box.Height > 0) || !float.IsFinite(box.Left + box.Top + box.Right + box.Bottom))
        {
            return;
        }

        candidates.Add(candidates.Count < MostCandidates ? new(box, Math.Min(confidence, 1), label)
            : throw new DataException(string.Create(CultureInfo.InvariantCulture, $"The model finds more than {MostCandidates} boxes above a confidence of {options.Confidence} in one picture. Ask for a higher confidence.")));
    }

    private BoundingBox Box(in PictureAnswer answer, int place, (int Height, int Width) size)
    {
        var (x, y) = Unit == BoxUnit.Share ? (size.Width, size.Height) : (1, 1);
        float a = answer.Box(place, 0) * x, b = answer.Box(place, 1) * y, c = answer.Box(place, 2) * x, d = answer.Box(place, 3) * y;
        return Format switch
        {
            BoxFormat.Cxcywh => BoundingBox.Around(a, b, c, d),
            BoxFormat.Xywh => new(a, b, a + c, b + d),
            _ => new(a, b, c, d),
        };
    }
}
