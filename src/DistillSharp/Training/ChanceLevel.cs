using DistillSharp.Tasks.Data;

namespace DistillSharp.Training;

/// <summary>What answers without knowledge score on some images.</summary>
/// <param name="Share">The share of the most frequent class: who always answers it gets that many right.</param>
/// <param name="Count">The number of labelled images.</param>
internal readonly record struct ChanceLevel(double Share, int Count)
{
    /// <summary>The largest share that is still within noise of chance: three standard deviations of the binomial distribution above it.</summary>
    public double Bound => Share + (3 * Math.Sqrt(Share * (1 - Share) / Count));

    /// <summary>The level of a data set.</summary>
    /// <param name="source">The images.</param>
    /// <returns>Null where no image has a label.</returns>
    public static ChanceLevel? Of(ISampleSource? source)
    {
        if (source is null)
        {
            return null;
        }

        int[] counts = [.. Enumerable.Range(0, source.Count).Select(source.LabelOf).Where(label => label >= 0).CountBy(label => label).Select(pair => pair.Value)];
        return counts.Length == 0 ? null : new((double)counts.Max() / counts.Sum(), counts.Sum());
    }

    /// <summary>Whether there are enough images to tell chance from a teacher's score: the bound lies in the lower half between them.</summary>
    /// <param name="teacher">The share that the teacher gets right.</param>
    public bool CanTell(double teacher) => Bound <= (Share + teacher) / 2;
}
