using System.Diagnostics;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Runtime.Detection;

/// <summary>Scores whatever finds boxes in batches of letterboxed pictures: takes the time, brings boxes back to the pixels of the pictures and holds them against the true ones.</summary>
/// <param name="source">The pictures, for their true boxes and sizes.</param>
/// <param name="classCount">The classes of the data.</param>
/// <param name="observer">Sees batches and pictures; null for nobody.</param>
internal abstract class EvaluationRun(IDetectionSource source, int classCount, DetectionObserver? observer)
{
    private readonly DetectionScorer _scorer = new(classCount);
    private readonly List<List<DetectedBox>> _found = [];
    private readonly List<DetectedBox> _mapped = [];
    private int _pictures;

    /// <summary>The classes of the data.</summary>
    protected int ClassCount => classCount;

    /// <summary>Time until pictures were numbers; waiting for them is added here.</summary>
    protected TimeSpan Preprocess { get; set; }

    /// <summary>Time of the model.</summary>
    protected TimeSpan Inference { get; set; }

    /// <summary>Time until answers were boxes; scoring them is added here.</summary>
    protected TimeSpan Postprocess { get; set; }

    /// <summary>Scores all batches.</summary>
    /// <param name="batches">The letterboxed pictures, not augmented; each picture once.</param>
    /// <param name="progress">Told the number of pictures done.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="DataException">There are no pictures.</exception>
    public DetectionEvaluation Over(IEnumerable<DetectionBatch> batches, IProgress<int>? progress, CancellationToken cancellation)
    {
        long waited = Stopwatch.GetTimestamp();
        foreach (var batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            Preprocess += Stopwatch.GetElapsedTime(waited);
            Add(batch);
            progress?.Report(_pictures);
            waited = Stopwatch.GetTimestamp();
        }

        return _pictures > 0 ? new(_scorer.Score(), new(PerPicture(Preprocess), PerPicture(Inference), PerPicture(Postprocess)))
            : throw new DataException($"None of the {source.Count} pictures could be read, so there is nothing to score.");
    }

    /// <summary>Finds the boxes of a batch and notes the time it took.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="found">A list for each picture, to be emptied and filled in pixels of the batch and classes of the data, by falling confidence.</param>
    protected abstract void Find(DetectionBatch batch, IReadOnlyList<List<DetectedBox>> found);

    private void Add(DetectionBatch batch)
    {
        if (batch.Letterboxes.Count != batch.Count)
        {
            throw new ArgumentException($"A batch of {batch.Count} pictures says for {batch.Letterboxes.Count} where they lie in their letterboxes; augmented pictures cannot be scored.", nameof(batch));
        }

        while (_found.Count < batch.Count)
        {
            _found.Add([]);
        }

        var found = _found.GetRange(0, batch.Count);
        Find(batch, found);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < batch.Count; i++)
        {
            Score(batch.Indices.Span[i], batch.Letterboxes[i], found[i]);
        }

        Postprocess += Stopwatch.GetElapsedTime(start);
        _pictures += batch.Count;
        observer?.OnBatch(batch, found);
    }

    private void Score(int index, Letterbox letterbox, List<DetectedBox> found)
    {
        _mapped.Clear();
        foreach (var box in found)
        {
            if (box.ClassIndex >= classCount)
            {
                throw new DataException($"The model found a box of class {box.ClassIndex} in '{source.Describe(index)}', but the data has {classCount} classes. Use data whose names are the model's.");
            }

            _mapped.Add(box with { Box = letterbox.ToSource(box.Box) });
        }

        _scorer.Add(_mapped, [.. source.LabelsOf(index).Select(label => new TrueBox(label.ToPixels(letterbox.SourceWidth, letterbox.SourceHeight), label.ClassIndex))]);
        observer?.OnPicture(index, _mapped);
    }

    private double PerPicture(TimeSpan time) => time.TotalMilliseconds / _pictures;
}
