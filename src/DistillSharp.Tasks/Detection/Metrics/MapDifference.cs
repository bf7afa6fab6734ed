using DistillSharp.Tasks.Classification;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Metrics;

/// <summary>How two detectors differ on the same images, in points of mAP50-95 (1 point = 0.01), with its 95 % bootstrap interval over the images.</summary>
/// <remarks>
/// The images are drawn anew 1,000 times, both detectors on the same draws (Efron and Tibshirani 1993, chapter 13); the interval holds the middle 95 % of the differences.
/// Where no draw differs, as of equal models, its ends are z² / (n + z²): a share of images that may well be answered differently without one among n that is. It speaks of
/// these two models and of images alone: what another seed of the training would change is not in it.
/// </remarks>
/// <param name="Points">The second's mAP50-95 minus the first's.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
/// <param name="Pictures">The number of images.</param>
public sealed record MapDifference(double Points, double Low, double High, int Pictures)
{
    /// <summary>How often the images are drawn anew.</summary>
    public const int Resamples = 1000;

    /// <summary>Compares two detectors.</summary>
    /// <param name="first">What the one found.</param>
    /// <param name="second">What the other found on the same images.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <exception cref="ArgumentException">They did not see the same images, or none.</exception>
    public static MapDifference Of(DetectionMatches first, DetectionMatches second, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        int[] pictures = [.. first.Pictures];
        if (pictures.Length == 0 || !pictures.SequenceEqual(second.Pictures))
        {
            throw new ArgumentException($"The detectors were matched on {pictures.Length} and {second.Pictures.Count} images; a difference needs the same images, 1 or more.", nameof(second));
        }

        int[] times = new int[pictures[^1] + 1];
        Array.ForEach(pictures, picture => times[picture] = 1);
        double observed = Difference();
        var random = new SampleRandom(seed, 0, 0);
        double[] differences = new double[Resamples];
        foreach (ref double difference in differences.AsSpan())
        {
            Array.Clear(times);
            for (int i = 0; i < pictures.Length; i++)
            {
                times[pictures[random.NextInt(pictures.Length)]]++;
            }

            difference = Difference();
        }

        Array.Sort(differences);
        double low = differences[Resamples / 40], high = differences[^((Resamples / 40) + 1)];
        double squared = PairedScoreInterval.Deviate * PairedScoreInterval.Deviate, unseen = 100 * squared / (pictures.Length + squared);
        return low < high ? new(observed, low, high, pictures.Length) : new(observed, observed - unseen, observed + unseen, pictures.Length);

        double Difference() => 100 * (second.Map(times) - first.Map(times));
    }
}
