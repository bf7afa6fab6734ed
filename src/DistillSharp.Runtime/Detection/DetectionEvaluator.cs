using System.Diagnostics;
using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;

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
    /// <returns>The score and the speed, in the data's classes.</returns>
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
    /// <returns>The score and the speed, in the data's classes.</returns>
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
        options ??= new();
        int own = options.Classes?.ToData.Length ?? classCount;
        RequireClasses(session.Card?.ClassNames.Count ?? own, own);
        return new SessionRun(session, source, classCount, options).Over(batches, progress, cancellation);
    }

    private static void RequireClasses(int found, int wanted)
    {
        if (found != wanted)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"The model tells {found} classes apart, but the data has {wanted}. Use a model that was trained on these classes, or data whose names are the model's."));
        }
    }

    private sealed class SessionRun(ModelSession session, IDetectionSource source, int classCount, DetectionEvaluationOptions options) : EvaluationRun(source, classCount, options.Observer)
    {
        private readonly DetectionDecoder _decoder = new(options.Suppression);
        private readonly PixelTable _table = new(session.Card?.Input);
        private readonly string _output = DetectorOutput.NameOf(session);
        private float[] _numbers = [], _answer = [];

        protected override void Find(DetectionBatch batch, IReadOnlyList<List<DetectedBox>> found)
        {
            long start = Stopwatch.GetTimestamp();
            var (height, width) = batch.Size;
            int length = 3 * height * width * batch.Count;
            if (_numbers.Length < length)
            {
                _numbers = new float[length];
            }

            _table.Write(batch.Pixels.Span[..length], _numbers, height * width);
            Preprocess += Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
            var (values, shape) = Answer(_numbers.AsMemory(0, length), [batch.Count, 3, height, width]);
            Inference += Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
            int own = options.Classes?.ToData.Length ?? ClassCount;
            var layout = DetectorOutput.Layout(session, shape, batch.Count, batch.Size, own);
            DetectorOutput.RequireDecoded(session, values, layout, batch.Size);
            RequireClasses(layout.Form == DetectionForm.Finished ? own : layout.ClassCount, own);
            for (int i = 0; i < batch.Count; i++)
            {
                _decoder.Decode(values.AsSpan(i * layout.Length, layout.Length), layout, found[i]);
                options.Classes?.Apply(found[i]);
            }

            Postprocess += Stopwatch.GetElapsedTime(start);
        }

        private (float[] Values, long[] Shape) Answer(ReadOnlyMemory<float> input, long[] sizes)
        {
            if (options.Observer is not { Outputs: { Count: > 0 } outputs } observer)
            {
                return session.Run(input, sizes, _output);
            }

            long[] told = [];
            session.Run(input, sizes, [_output, .. outputs], (index, values, shape) =>
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
    }
}
