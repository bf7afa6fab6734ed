using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Calibration;

/// <summary>The samples a model is calibrated on, batch by batch; they can be gone through several times and are the same each time.</summary>
public sealed class CalibrationSet
{
    /// <summary>About as many input numbers a batch as 32 pictures of CIFAR have, so that inner values of large pictures fit memory.</summary>
    private const int MostNumbers = 1 << 20, MostPictures = 32;

    private readonly Func<CancellationToken, IEnumerable<CalibrationBatch>> _batches;

    /// <summary>A set of ready batches.</summary>
    /// <param name="batches">The batches, not empty.</param>
    /// <exception cref="DataException">There is none.</exception>
    public CalibrationSet(IReadOnlyList<CalibrationBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Count = (int)batches.Sum(batch => batch.Shape is [var first, ..] ? first : 1);
        _batches = _ => Count > 0 ? batches : throw Empty();
        if (Count == 0)
        {
            throw Empty();
        }
    }

    private CalibrationSet(int count, Func<CancellationToken, IEnumerable<CalibrationBatch>> batches) => (Count, _batches) = (count > 0 ? count : throw Empty(), batches);

    /// <summary>A set whose batches are made anew each time they are gone through.</summary>
    /// <param name="count">How many samples they hold together, 1 or more.</param>
    /// <param name="batches">Makes the batches: the same ones each time.</param>
    /// <exception cref="DataException">There is none.</exception>
    public static CalibrationSet Streamed(int count, Func<CancellationToken, IEnumerable<CalibrationBatch>> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return new(count, batches);
    }

    /// <summary>How many samples there are.</summary>
    public int Count { get; }

    /// <summary>Draws pictures from training samples, without augmentation.</summary>
    /// <param name="training">Training samples; never the test set.</param>
    /// <param name="input">The size and normalisation that the model wants.</param>
    /// <param name="count">How many are drawn, 1 or more; all if there are fewer.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <param name="skipBad">Whether undecodable pictures are left out.</param>
    /// <param name="batchSize">The batch that the model is made for; null (default) where it takes any.</param>
    /// <exception cref="DataException">There are none, or fewer than one batch.</exception>
    public static CalibrationSet Draw(ISampleSource training, ImageInput input, int count, long seed, bool skipBad = false, int? batchSize = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int[] order = [.. Enumerable.Range(0, training.Count)];
        var random = new SampleRandom(seed, 0, 0);
        int drawn = Math.Min(count, order.Length);
        for (int i = 0; i < drawn; i++)
        {
            int j = i + random.NextInt(order.Length - i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        int batch = batchSize ?? Math.Clamp(MostNumbers / (input.Channels * input.Height * input.Width), 1, MostPictures);
        drawn = batchSize is null ? drawn : drawn / batch * batch;
        var loader = new BatchLoader(new SampleSubset(training, order[..drawn]), new() { Input = input, BatchSize = batch, SkipBad = skipBad });
        return new(drawn, cancellation => loader.Epoch(0, 0, cancellation).Select(one => new CalibrationBatch(
            one.Pixels[..(one.Count * one.Shape.Channels * one.Shape.Height * one.Shape.Width)], [one.Count, one.Shape.Channels, one.Shape.Height, one.Shape.Width])));
    }

    /// <summary>The batches, from the first.</summary>
    /// <param name="cancellation">Stops going through them.</param>
    public IEnumerable<CalibrationBatch> Batches(CancellationToken cancellation = default) => _batches(cancellation);

    private static DataException Empty() => new("The calibration set is empty, so nothing is known of the activations' ranges. Give training samples; 512 suffice.");
}
