using System.Diagnostics;
using DistillSharp.Graph;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Runtime.Detection;

/// <summary>Scores a detector from elsewhere on the data that it is to teach: by the same metrics, on the same pictures and in the same classes as <see cref="DetectionEvaluator"/> scores a student.</summary>
public static class BoxDetectorEvaluation
{
    /// <summary>Loads pictures in squares, finds their boxes, brings classes and boxes to the data's and scores them.</summary>
    /// <param name="detector">The detector; it settles on the first batch where it is not settled yet.</param>
    /// <param name="classes">Which of its classes is which of the data's. Boxes of its other classes are left out; a class of the data that it does not know has no boxes and an average precision of 0.</param>
    /// <param name="source">The pictures and their true boxes.</param>
    /// <param name="loading">Image size, batch size, workers, what becomes of pictures that cannot be read; order, shape and augmentation are the evaluation's own.</param>
    /// <param name="options">Which boxes count, and who looks on; null for the defaults, which are those of published scores. No rectangles are made, and further outputs are not shown.</param>
    /// <param name="progress">Told the number of pictures done.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>The score and the speed; the time of a run includes fitting and decoding.</returns>
    /// <exception cref="DataException">The detector's answers cannot be understood, its names do not fit the mapping, or there are no pictures.</exception>
    /// <exception cref="GraphException">The model cannot be run on the pictures.</exception>
    public static DetectionEvaluation Evaluate(
        BoxDetector detector,
        ClassMapping classes,
        IDetectionSource source,
        DetectionLoaderOptions loading,
        DetectionEvaluationOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(loading);
        options ??= new();
        if (detector.ClassNames is { } names && names.Count != classes.ToData.Length)
        {
            throw new DataException($"The detector names {names.Count} classes, but the mapping was made for {classes.ToData.Length}. Make it of the detector's own names.");
        }

        var loader = new DetectionLoader(source, loading with { Shuffle = false, Augmentation = null, Rectangular = false });
        return new Run(detector, classes, source, options).Over(loader.Epoch(0, cancellation: cancellation), progress, cancellation) with { BadPictures = loader.BadPictures };
    }

    private sealed class Run(BoxDetector detector, ClassMapping classes, IDetectionSource source, DetectionEvaluationOptions options) : EvaluationRun(source, classes.FromData.Length, options.Observer)
    {
        private readonly DetectionDecoder _decoder = new(options.Suppression);
        private readonly List<List<DetectedBox>> _lists = [];

        protected override void Find(DetectionBatch batch, IReadOnlyList<List<DetectedBox>> found)
        {
            long start = Stopwatch.GetTimestamp();
            _lists.Clear();
            _lists.AddRange(found);
            var (height, width) = batch.Size;
            detector.Detect(batch.Pixels.Span[..checked(3 * height * width * batch.Count)], batch.Count, batch.Size, _lists, options.Suppression, _decoder);
            Inference += Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
            _lists.ForEach(classes.Apply);
            Postprocess += Stopwatch.GetElapsedTime(start);
        }
    }
}
