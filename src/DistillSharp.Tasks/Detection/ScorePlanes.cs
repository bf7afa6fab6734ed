using System.Numerics;

namespace DistillSharp.Tasks.Detection;

/// <summary>Looks through the score planes of a detector, <c>[classes, places]</c>, several places at once. What is NaN exceeds nothing.</summary>
internal static class ScorePlanes
{
    /// <summary>The best class of each place and its score.</summary>
    /// <param name="scores">The scores, <c>[classes, places]</c>.</param>
    /// <param name="confidence">What a score must exceed.</param>
    /// <param name="best">The best score of each place; the confidence where none exceeds it.</param>
    /// <param name="labels">Its class, the first of equal ones; -1 where none exceeds it.</param>
    public static void Best(ReadOnlySpan<float> scores, float confidence, Span<float> best, Span<int> labels)
    {
        best.Fill(confidence);
        labels.Fill(-1);
        int places = best.Length, width = Vector<float>.Count;
        for (int label = 0; label < scores.Length / places; label++)
        {
            var plane = scores.Slice(label * places, places);
            var number = new Vector<int>(label);
            int i = 0;
            for (; i <= places - width; i += width)
            {
                var score = new Vector<float>(plane[i..]);
                var old = new Vector<float>(best[i..]);
                var more = Vector.GreaterThan(score, old);
                if (more != Vector<int>.Zero)
                {
                    Vector.ConditionalSelect(more, score, old).CopyTo(best[i..]);
                    Vector.ConditionalSelect(more, number, new Vector<int>(labels[i..])).CopyTo(labels[i..]);
                }
            }

            for (; i < places; i++)
            {
                if (plane[i] > best[i])
                {
                    (best[i], labels[i]) = (plane[i], label);
                }
            }
        }
    }

    /// <summary>The first place from one on whose score exceeds a confidence; the plane's length where there is none.</summary>
    public static int Next(ReadOnlySpan<float> plane, int from, float confidence)
    {
        int width = Vector<float>.Count;
        var bound = new Vector<float>(confidence);
        while (from <= plane.Length - width && !Vector.GreaterThanAny(new Vector<float>(plane[from..]), bound))
        {
            from += width;
        }

        while (from < plane.Length && !(plane[from] > confidence))
        {
            from++;
        }

        return from;
    }
}
