namespace DistillSharp.Tasks.Data;

/// <summary>Which stretch of an epoch's order each batch takes.</summary>
internal sealed class BatchSpans
{
    private readonly int _samples, _size;

    /// <summary>Divides an epoch.</summary>
    /// <param name="samples">The samples of an epoch, 1 or more.</param>
    /// <param name="size">Samples in a batch, 1 or more.</param>
    /// <param name="avoidSingle">Whether a last batch of one sample joins the batch before it.</param>
    /// <param name="dropLast">Whether an incomplete last batch is left out, where there is a complete one.</param>
    public BatchSpans(int samples, int size, bool avoidSingle = false, bool dropLast = false)
    {
        (_samples, _size) = (samples, size);
        bool several = avoidSingle && size > 1 && samples > 1;
        bool joined = several && samples % size == 1;
        Fewest = several ? 2 : 1;
        Count = samples >= size && (dropLast || joined) ? samples / size : 1 + ((samples - 1) / size);
        Largest = joined && !dropLast ? size + 1 : Math.Min(size, samples);
    }

    /// <summary>How many batches an epoch has.</summary>
    public int Count { get; }

    /// <summary>The samples of the largest batch.</summary>
    public int Largest { get; }

    /// <summary>The samples without which a batch is left out, where some cannot be read.</summary>
    public int Fewest { get; }

    /// <summary>The stretch of a batch.</summary>
    /// <param name="batch">The 0-based batch.</param>
    public Range this[int batch] => (batch * _size)..(batch + 1 == Count && Largest > _size ? _samples : Math.Min((batch + 1) * _size, _samples));
}
