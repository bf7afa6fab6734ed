using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Detection.Training;

/// <summary>
/// Labelled batches to which pictures without labels are added. An epoch is a pass over the labelled ones; of the others it takes the next, pass by pass: which,
/// is a function of the step alone, so that a run goes on as if it had not stopped.
/// </summary>
internal sealed class MixedBatches
{
    private readonly DetectionLoader _labelled, _unlabelled;

    /// <summary>Joins two sources.</summary>
    /// <param name="labelled">The labelled pictures.</param>
    /// <param name="unlabelled">The pictures without labels.</param>
    /// <param name="loading">How these are loaded. Their mosaics close in the pass in which those of the labelled ones do: its epochs are the labelled pictures'.</param>
    public MixedBatches(DetectionLoader labelled, IDetectionSource unlabelled, DetectionLoaderOptions loading)
    {
        int batches = (unlabelled.Count + loading.BatchSize - 1) / loading.BatchSize;
        _labelled = labelled;
        _unlabelled = new(unlabelled, loading with { CloseMosaicFromEpoch = loading.CloseMosaicFromEpoch is { } epoch ? (int)((long)epoch * labelled.BatchCount / batches) : null });
    }

    /// <summary>Pictures without labels that were left out because they could not be read.</summary>
    public IReadOnlyList<string> BadPictures => _unlabelled.BadPictures;

    /// <summary>The batches of an epoch. A batch is valid until the next one is taken.</summary>
    /// <param name="epoch">The 0-based epoch.</param>
    /// <param name="firstBatch">Batches to leave out at the start.</param>
    /// <param name="cancellation">Stops the loading.</param>
    public IEnumerable<DetectionBatch> Epoch(int epoch, int firstBatch, CancellationToken cancellation)
    {
        using var others = Others(((long)epoch * _labelled.BatchCount) + firstBatch, cancellation).GetEnumerator();
        foreach (var batch in _labelled.Epoch(epoch, firstBatch, cancellation))
        {
            others.MoveNext();
            yield return Join(batch, others.Current);
        }
    }

    private IEnumerable<DetectionBatch> Others(long first, CancellationToken cancellation)
    {
        int pass = (int)(first / _unlabelled.BatchCount), start = (int)(first % _unlabelled.BatchCount);
        while (true)
        {
            bool any = false;
            foreach (var batch in _unlabelled.Epoch(pass, start, cancellation))
            {
                any = true;
                yield return batch;
            }

            if (!any && start == 0)
            {
                throw new DataException("None of the pictures without labels could be read.");
            }

            (pass, start) = (pass + 1, 0);
        }
    }

    private static DetectionBatch Join(DetectionBatch batch, DetectionBatch others)
    {
        int length = 3 * batch.Size.Height * batch.Size.Width;
        byte[] pixels = new byte[(batch.Count + others.Count) * length];
        batch.Pixels.Span[..(batch.Count * length)].CopyTo(pixels);
        others.Pixels.Span[..(others.Count * length)].CopyTo(pixels.AsSpan(batch.Count * length));
        return new()
        {
            Count = batch.Count + others.Count,
            Pixels = pixels,
            Size = batch.Size,
            Targets = batch.Targets,
            Indices = batch.Indices,
            UnlabelledCount = others.Count,
        };
    }
}
