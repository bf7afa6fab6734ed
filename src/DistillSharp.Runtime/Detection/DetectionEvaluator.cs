using System.Diagnostics;
using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Runtime.Detection;

/// <summary>
/// Scores a detector on pictures: one code for the model in training, the exported file, the INT8 file and files from elsewhere. Boxes are compared in the pixels of
/// the pictures, not of the letterbox.
/// </summary>
public static class DetectionEvaluator
{
    /// <summary>Loads pictures as the file wants them, runs a detector over them and scores it.</summary>
    /// <param name="session">The model, with YOLO's output: see <see cref="DetectionForm"/>.</param>
    /// <param name="source">The pictures and their true boxes.</param>
    /// <param name="classCount">The classes of the data, 1 or more.</param>
    /// <param name="loading">Batch size, image size, workers, what becomes of pictures that cannot be read; order, shape and augmentation are the evaluation's own, and a size that the file fixes comes first.</param>
    /// <param name="options">Which boxes count; null for the defaults.</param>
    /// <param name="progress">Told the number of pictures done.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>The score and the speed.</returns>
    /// <exception cref="DataException">The model is no detector, its classes do not fit the data's, or there are no pictures.</exception>
    /// <exception cref="GraphException">The model cannot be run on the pictures.</exception>
    public static DetectionEvaluation Evaluate(
        ModelSession session,
        IDetectionSource source,
        int classCount,
        DetectionLoaderOptions loading,
        DetectionEvaluationOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(loading);
        options ??= new();
        var size = InputSize.Of(session, session.InputShape is [_, _, null, null] ? loading.ImageSize : null);
        if (size.Height != size.Width)
        {
            List<string> bad = [];
            return Evaluate(session, source, classCount, FixedSizeBatches.Of(source, size.Height, size.Width, loading.SkipBad, bad), options, progress, cancellation) with { BadPictures = bad };
        }

        var loader = new DetectionLoader(source, loading with
        {
            Shuffle = false,
            Augmentation = null,
            ImageSize = size.Height,
            Stride = size.Stride,
            Rectangular = options.Rectangular && size.Free,
            BatchSize = session.FixedBatchSize ?? loading.BatchSize,
        });
        return Evaluate(session, source, classCount, loader.Epoch(0, cancellation: cancellation), options, progress, cancellation) with { BadPictures = loader.BadPictures };
    }

    /// <summary>Runs a detector over batches and scores it.</summary>
    /// <param name="session">The model, with YOLO's output: see <see cref="DetectionForm"/>.</param>
    /// <param name="source">The pictures, for their true boxes and sizes.</param>
    /// <param name="classCount">The classes of the data, 1 or more.</param>
    /// <param name="batches">The letterboxed pictures, not augmented; each picture once.</param>
    /// <param name="options">Which boxes count; null for the defaults.</param>
    /// <param name="progress">Told the number of pictures done.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>The score and the speed.</returns>
    /// <exception cref="DataException">The model is no detector, its classes do not fit the data's, or there are no pictures.</exception>
    /// <exception cref="GraphException">The model cannot be run on the batches.</exception>
    public static DetectionEvaluation Evaluate(
        ModelSession session,
        IDetectionSource source,
        int classCount,
        IEnumerable<DetectionBatch> batches,
        DetectionEvaluationOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        DetectorOutput.RequirePictures(session);
        RequireClasses(session.Card?.ClassNames.Count ?? classCount, classCount);
        var run = new Run(session, source, classCount, options ?? new());
        long waited = Stopwatch.GetTimestamp();
        foreach (var batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            run.Add(batch, Stopwatch.GetElapsedTime(waited));
            progress?.Report(run.Pictures);
            waited = Stopwatch.GetTimestamp();
        }

        return run.Pictures > 0 ? run.Finish() : throw new DataException($"None of the {source.Count} pictures could be read, so there is nothing to score.");
    }

    private static void RequireClasses(int found, int wanted)
    {
        if (found != wanted)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"The model tells {found} classes apart, but the data has {wanted}. Use a model that was trained on these classes, or data whose names are the model's."));
        }
    }

    private sealed class Run
    {
        private readonly ModelSession _session;
        private readonly IDetectionSource _source;
        private readonly DetectionEvaluationOptions _options;
        private readonly DetectionScorer _scorer;
        private readonly DetectionDecoder _decoder;
        private readonly PixelTable _table;
        private readonly string _output;
        private readonly List<List<DetectedBox>> _found = [];
        private readonly List<DetectedBox> _mapped = [];
        private float[] _numbers = [], _answer = [];
        private TimeSpan _preprocess, _inference, _postprocess;

        public Run(ModelSession session, IDetectionSource source, int classCount, DetectionEvaluationOptions options)
        {
            (_session, _source, _options) = (session, source, options);
            (_scorer, _decoder, _table, _output) = (new(classCount), new(options.Suppression), new(session.Card?.Input), DetectorOutput.NameOf(session));
        }

        public int Pictures { get; private set; }

        public void Add(DetectionBatch batch, TimeSpan waited)
        {
            if (batch.Letterboxes.Count != batch.Count)
            {
                throw new ArgumentException($"A batch of {batch.Count} pictures says for {batch.Letterboxes.Count} where they lie in their letterboxes; augmented pictures cannot be scored.", nameof(batch));
            }

            long start = Stopwatch.GetTimestamp();
            var (height, width) = batch.Size;
            int length = 3 * height * width * batch.Count;
            if (_numbers.Length < length)
            {
                _numbers = new float[length];
            }

            _table.Write(batch.Pixels.Span[..length], _numbers, height * width);
            _preprocess += waited + Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
            var (values, shape) = Answer(_numbers.AsMemory(0, length), [batch.Count, 3, height, width]);
            _inference += Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
            var layout = DetectorOutput.Layout(_session, shape, batch.Count, _scorer.ClassCount);
            RequireClasses(layout.Form == DetectionForm.Finished ? _scorer.ClassCount : layout.ClassCount, _scorer.ClassCount);
            for (int i = 0; i < batch.Count; i++)
            {
                if (_found.Count == i)
                {
                    _found.Add([]);
                }

                _decoder.Decode(values.AsSpan(i * layout.Length, layout.Length), layout, _found[i]);
                Score(batch.Indices.Span[i], batch.Letterboxes[i], _found[i]);
            }

            _postprocess += Stopwatch.GetElapsedTime(start);
            Pictures += batch.Count;
            _options.Observer?.OnBatch(batch, _found.GetRange(0, batch.Count));
        }

        public DetectionEvaluation Finish() => new(_scorer.Score(), new(PerPicture(_preprocess), PerPicture(_inference), PerPicture(_postprocess)));

        private (float[] Values, long[] Shape) Answer(ReadOnlyMemory<float> input, long[] sizes)
        {
            if (_options.Observer is not { Outputs: { Count: > 0 } outputs } observer)
            {
                return _session.Run(input, sizes, _output);
            }

            long[] told = [];
            _session.Run(input, sizes, [_output, .. outputs], (index, values, shape) =>
            {
                if (index == 0)
                {
                    _answer = _answer.Length < values.Length ? values.ToArray() : _answer;
                    values.CopyTo(_answer);
                    told = shape.ToArray();
                }
                else
                {
                    observer.OnOutput(index - 1, values, shape);
                }
            });
            return (_answer, told);
        }

        private void Score(int index, Letterbox letterbox, List<DetectedBox> found)
        {
            _mapped.Clear();
            foreach (var box in found)
            {
                if (box.ClassIndex >= _scorer.ClassCount)
                {
                    throw new DataException($"The model found a box of class {box.ClassIndex} in '{_source.Describe(index)}', but the data has {_scorer.ClassCount} classes. Use data whose names are the model's.");
                }

                _mapped.Add(box with { Box = letterbox.ToSource(box.Box) });
            }

            _scorer.Add(_mapped, [.. _source.LabelsOf(index).Select(label => new TrueBox(label.ToPixels(letterbox.SourceWidth, letterbox.SourceHeight), label.ClassIndex))]);
            _options.Observer?.OnPicture(index, _mapped);
        }

        private double PerPicture(TimeSpan time) => time.TotalMilliseconds / Pictures;
    }
}
