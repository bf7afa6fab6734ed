using System.Diagnostics;
using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Runtime.Detection;

/// <summary>
/// Finds the boxes in pictures with any ONNX file that has a YOLO output, ours or Ultralytics'. Its buffers are kept: pictures of a size seen before cost little memory. Safe to
/// call from several threads, which take turns.
/// </summary>
public sealed class DetectionPredictor : IDisposable
{
    private readonly ModelSession _session;
    private readonly InputSize _size;
    private readonly bool _rectangular;
    private readonly DetectionDecoder _decoder;
    private readonly PixelTable _table;
    private readonly DetectorRuns _runs;
    private readonly LinearResizer _resizer = new();
    private readonly Lock _turn = new();
    private byte[] _pixels = [];

    /// <summary>Opens a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How to look at pictures; null for the defaults.</param>
    /// <exception cref="DataException">Its input or its output is no detector's, or the size asked for does not fit.</exception>
    /// <exception cref="GraphException">The file is damaged, or holds operators ONNX Runtime does not know.</exception>
    public DetectionPredictor(string path, DetectionPredictorOptions? options = null)
        : this(ModelSession.Open(path, new() { Threads = options?.Threads ?? 0 }), options)
    {
    }

    /// <summary>Takes a model that is open already; it is disposed with the predictor, or here where it is refused.</summary>
    /// <param name="session">The model.</param>
    /// <param name="options">How to look at pictures; null for the defaults. The threads are the session's.</param>
    /// <exception cref="DataException">Its input is no detector's, or the size asked for does not fit.</exception>
    public DetectionPredictor(ModelSession session, DetectionPredictorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        options ??= new();
        _session = session;
        try
        {
            _size = InputSize.Of(_session, options.ImageSize);
            _rectangular = options.Rectangular && _size.Free;
            _decoder = new(options.Suppression);
            _table = new(_session.Card?.Input);
            _runs = new(_session);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>The model's card; null where the file carries none.</summary>
    public ModelCard? Card => _session.Card;

    /// <summary>The rows and columns of the input that the last picture was letterboxed into.</summary>
    public (int Height, int Width) InputOfLast { get; private set; }

    /// <summary>Where the time of the last picture went.</summary>
    public DetectionSpeed SpeedOfLast { get; private set; }

    /// <summary>The name of a class; <c>class 7</c> where the file does not say.</summary>
    /// <param name="classIndex">The 0-based class.</param>
    public string NameOf(int classIndex) =>
        _session.Card is { } card && classIndex < card.ClassNames.Count ? card.ClassNames[classIndex] : string.Create(CultureInfo.InvariantCulture, $"class {classIndex}");

    /// <summary>Finds the boxes in a picture.</summary>
    /// <param name="image">The picture, of any size, in colour or grey.</param>
    /// <returns>The boxes by falling confidence, in pixels of the picture.</returns>
    /// <exception cref="DataException">The model's output is no detector's.</exception>
    /// <exception cref="GraphException">The model cannot be run on that size.</exception>
    public IReadOnlyList<DetectedBox> Predict(PixelImage image)
    {
        List<DetectedBox> found = [];
        Predict(image, found);
        return found;
    }

    /// <summary>Finds the boxes in a picture, in a list of the caller's own.</summary>
    /// <param name="image">The picture, of any size, in colour or grey.</param>
    /// <param name="found">Emptied, then filled with the boxes by falling confidence, in pixels of the picture.</param>
    /// <exception cref="DataException">The model's output is no detector's.</exception>
    /// <exception cref="GraphException">The model cannot be run on that size.</exception>
    public void Predict(PixelImage image, List<DetectedBox> found)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(found);
        lock (_turn)
        {
            long start = Stopwatch.GetTimestamp();
            var letterbox = _rectangular
                ? Letterbox.FitStride(image.Width, image.Height, _size.Width, _size.Height, _size.Stride)
                : Letterbox.Fit(image.Width, image.Height, _size.Width, _size.Height);
            int plane = letterbox.Width * letterbox.Height;
            if (_pixels.Length < 3 * plane)
            {
                _pixels = new byte[3 * plane];
            }

            LetterboxedPixels.Write(image, letterbox, _resizer, _pixels.AsSpan(0, 3 * plane));
            var run = _runs.For(letterbox.Height, letterbox.Width);
            _table.Write(_pixels.AsSpan(0, 3 * plane), run.Input[..(3 * plane)], plane);
            double preprocess = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            var answer = run.Answer(out var output);
            double inference = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            _decoder.Decode(answer[..output.Length], output, found);
            for (int i = 0; i < found.Count; i++)
            {
                found[i] = found[i] with { Box = letterbox.ToSource(found[i].Box) };
            }

            SpeedOfLast = new(preprocess, inference, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            InputOfLast = (letterbox.Height, letterbox.Width);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runs.Dispose();
        _session.Dispose();
    }
}
