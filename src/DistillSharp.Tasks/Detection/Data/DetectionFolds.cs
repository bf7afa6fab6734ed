using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>
/// Cross-validation: the pictures dealt into folds by a seed, each of which is held out once while the others train. Every picture is held out by exactly one fold; folds differ by
/// at most one picture. The same source, number and seed give the same folds on every machine.
/// </summary>
public sealed class DetectionFolds
{
    private readonly IDetectionSource _source;
    private readonly int[] _foldOf;

    /// <summary>Deals the pictures.</summary>
    /// <param name="source">The pictures, as many as folds or more.</param>
    /// <param name="count">The number of folds, 2 or more; 5 or 10 in practice.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="DataException">There are fewer pictures than folds.</exception>
    public DetectionFolds(IDetectionSource source, int count, long seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (count < 2)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "Cross-validation takes 2 folds or more: one is held out, the others train.");
        }

        if (count > source.Count)
        {
            throw new DataException($"{source.Count:N0} pictures cannot be dealt into {count:N0} folds: each fold holds out one picture or more. Add pictures, or take at most {source.Count:N0} folds.");
        }

        (_source, Count, _foldOf) = (source, count, new int[source.Count]);
        foreach (var (place, index) in DetectionSubset.Shuffled(source.Count, seed, draw: -3).Index())
        {
            _foldOf[index] = place % count;
        }
    }

    /// <summary>The number of folds.</summary>
    public int Count { get; }

    /// <summary>One fold; both parts keep the source's order.</summary>
    /// <param name="fold">The 0-based fold.</param>
    /// <returns>The pictures to train on, and those held out.</returns>
    public (DetectionSubset Train, DetectionSubset HeldOut) this[int fold]
    {
        get
        {
            if (fold < 0 || fold >= Count)
            {
                throw new ArgumentOutOfRangeException(nameof(fold), fold, $"The folds are 0 to {Count - 1}.");
            }

            return (Choose(other => other != fold), Choose(other => other == fold));
        }
    }

    private DetectionSubset Choose(Func<int, bool> wanted) => new(_source, [.. Enumerable.Range(0, _foldOf.Length).Where(index => wanted(_foldOf[index]))]);
}
