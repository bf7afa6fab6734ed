using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Runtime.Detection.Layouts;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DistillSharp.Runtime.Detection;

/// <summary>
/// Finds boxes in batches of pictures with any ONNX detector: YOLO's single outputs, boxes with a score of each class (DETR, RT-DETR, SSD), boxes with scores and labels (torchvision, suppression
/// inside). Which output is what is told by names and shapes, what its numbers mean by a sample, once; <see cref="Told"/> says it, and <see cref="BoxDetectorOptions"/> says what cannot be told.
/// Safe to call from several threads, which take turns.
/// </summary>
public sealed class BoxDetector : IDisposable
{
    private readonly ModelSession _session;
    private readonly BoxDetectorOptions _options;
    private readonly PictureFeed _feed;
    private readonly DetectionDecoder _decoder;
    private readonly IReadOnlyList<string> _readable;
    private readonly BoxEvidence _evidence = new();
    private readonly List<DetectedBox> _candidates = [];
    private readonly Lock _turn = new();
    private BoxOutputs? _outputs;
    private BoxReading? _reading;
    private bool _isFixed;

    /// <summary>Takes a model that is open; it is disposed with the detector, or here where it is refused.</summary>
    /// <param name="session">The model.</param>
    /// <param name="options">What it does not say of itself; null for nothing.</param>
    /// <exception cref="DataException">Its card or its inputs are no detector's, or the options do not fit them.</exception>
    public BoxDetector(ModelSession session, BoxDetectorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        _session = session;
        _options = options ?? new();
        try
        {
            if (session.Card is { IsDetector: false } card)
            {
                throw new DataException($"The model's card says that its task is '{card.Task}': a teacher without boxes. Use a detector.");
            }

            if (session.Card is { } named && _options.ClassNames.Count > 0 && named.ClassNames.Count != _options.ClassNames.Count)
            {
                throw new DataException($"{_options.ClassNames.Count} class names were given, but the model's card names {named.ClassNames.Count}. Leave them out, or name all of them in its order.");
            }

            _feed = new(session, _options);
            _decoder = new(_options.Suppression);

            RefuseMaps(session);

            // Boxes and scores have three axes at most; what does not tell its axes may be either.
            _readable = [.. session.OutputNames.Where(name => session.Native.OutputMetadata[name] is { IsTensor: true, Dimensions.Length: <= 3 } told && IsNumeric(told.ElementDataType))];
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The names of its classes, by 0-based class; null where neither the options nor its card say.</summary>
    public IReadOnlyList<string>? ClassNames => _options.ClassNames.Count > 0 ? _options.ClassNames : _session.Card?.ClassNames;

    /// <summary>The model's card; null where the file carries none.</summary>
    public ModelCard? Card => _session.Card;

    /// <summary>Whether it is settled what its answers mean.</summary>
    public bool IsSettled => _reading is not null;

    /// <summary>What its answers mean, in words: <c>boxes 'pred_boxes' as cxcywh shares, scores 'logits' by sigmoid</c>.</summary>
    public string Told
    {
        get
        {
            if (_outputs is not { } outputs || _reading is not { } reading)
            {
                return _outputs is null ? "nothing: no picture has been looked at" : $"boxes '{_outputs.Boxes}', scores '{_outputs.Scores}': no box has been seen that would tell what their numbers mean";
            }

            string unit = reading.Unit == BoxUnit.Share ? "shares" : "pixels", kind = reading.Kind == ScoreKind.Probability ? "as probabilities" : $"by {reading.Kind.ToString().ToLowerInvariant()}";
            return $"boxes '{outputs.Boxes}' as {reading.Format.ToString().ToLowerInvariant()} {unit}, scores '{outputs.Scores}' {kind}"
                + (outputs.HasNoObject ? " with no object last" : "") + (outputs.HasObjectness ? " times their objectness" : "")
                + (outputs.Labels is null ? "" : $", labels '{outputs.Labels}'") + (outputs.Counts is null ? "" : $", counts '{outputs.Counts}'");
        }
    }

    /// <summary>Looks at a sample and settles what the answers mean; of several samples, all count. From the first detection with a box on, it stays.</summary>
    /// <param name="pixels">The pictures, <c>[N, 3, H, W]</c>, red, green, blue, 0 to 255.</param>
    /// <param name="count">N, 1 or more.</param>
    /// <param name="size">H and W.</param>
    /// <exception cref="DataException">The answers cannot be understood; the message lists all outputs and says what was looked for.</exception>
    /// <exception cref="GraphException">The model cannot be run on the pictures.</exception>
    /// <exception cref="InvalidOperationException">Boxes were detected already.</exception>
    public void Settle(ReadOnlySpan<byte> pixels, int count, (int Height, int Width) size)
    {
        Require(pixels, count, size);
        lock (_turn)
        {
            if (_isFixed)
            {
                throw new InvalidOperationException("Boxes were detected already, so what the answers mean stays as it is. Settle it before the first detection.");
            }

            SettleBy(pixels, count, size);
        }
    }

    /// <summary>Finds the boxes in a batch of pictures. Where nothing is settled, the first batch in which a box is seen settles it.</summary>
    /// <param name="pixels">The pictures, <c>[N, 3, H, W]</c>, red, green, blue, 0 to 255, of any size: they are fitted into the model's input.</param>
    /// <param name="count">N, 1 or more.</param>
    /// <param name="size">H and W.</param>
    /// <param name="found">The first N lists are emptied, then filled with each picture's boxes in pixels of the batch, cut off at its edges, by falling confidence; lists that are missing are added.</param>
    /// <exception cref="DataException">The answers cannot be understood, or a box is of a class beyond <see cref="ClassNames"/>.</exception>
    /// <exception cref="GraphException">The model cannot be run on the pictures.</exception>
    public void Detect(ReadOnlySpan<byte> pixels, int count, (int Height, int Width) size, IList<List<DetectedBox>> found) => Detect(pixels, count, size, found, _options.Suppression, _decoder);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <summary>Finds the boxes that count by other options than the detector's own.</summary>
    internal void Detect(ReadOnlySpan<byte> pixels, int count, (int Height, int Width) size, IList<List<DetectedBox>> found, NonMaxSuppressionOptions suppression, DetectionDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(found);
        Require(pixels, count, size);
        lock (_turn)
        {
            for (int i = 0; i < count; i++)
            {
                if (i == found.Count)
                {
                    found.Add([]);
                }

                found[i].Clear();
            }

            if (_reading is null)
            {
                SettleBy(pixels, count, size);
            }

            // Where no place is filled that would tell what numbers mean, nothing is found either.
            if (_outputs is { } outputs && _reading is { } reading)
            {
                _isFixed = true;
                var input = _feed.SizeFor(size);
                var letterbox = Letterbox.Fit(size.Width, size.Height, input.Width, input.Height);
                int piece = _feed.PieceOf(count, outputs.IsBatched, input), length = pixels.Length / count;
                for (int start = 0; start < count; start += piece)
                {
                    int filled = Math.Min(piece, count - start);
                    var answer = _feed.Run(pixels.Slice(start * length, filled * length), piece, size, input, outputs.Names, out int given);
                    for (int i = 0; i < filled; i++)
                    {
                        reading.Read(outputs.Picture(answer, i, given), input, suppression, _candidates);
                        decoder.Choose(_candidates, found[start + i], suppress: outputs.Form != PlaceForm.Finished);
                        BringBack(found[start + i], letterbox);
                    }
                }
            }
        }
    }

    /// <summary>Refuses a file whose only answers are maps.</summary>
    private static void RefuseMaps(ModelSession session)
    {
        string[] maps = [.. session.OutputNames.Select(name => DetectorRecognition.Refusal(session, name)).OfType<string>()];
        if (maps.Length == session.OutputNames.Count)
        {
            throw new DataException(maps[0]);
        }
    }

    private static bool IsNumeric(TensorElementType type) =>
        type is TensorElementType.Float or TensorElementType.Float16 or TensorElementType.Double or TensorElementType.Int64 or TensorElementType.Int32 or TensorElementType.UInt8;

    private static void Require(ReadOnlySpan<byte> pixels, int count, (int Height, int Width) size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Width, 1);
        if (pixels.Length != 3L * count * size.Height * size.Width)
        {
            throw new ArgumentException($"{count} pictures of 3 x {size.Height} x {size.Width} do not fit {pixels.Length} pixels.", nameof(pixels));
        }
    }

    private void SettleBy(ReadOnlySpan<byte> pixels, int count, (int Height, int Width) size)
    {
        var input = _feed.SizeFor(size);
        int length = pixels.Length / count;
        for (int start = 0; start < count;)
        {
            // The very first answer is one picture's, where the file leaves the number open: it may have no axis of pictures.
            int piece = _feed.PieceOf(count - start, _outputs is { IsBatched: true }, input), filled = Math.Min(piece, count - start);
            var answer = _feed.Run(pixels.Slice(start * length, filled * length), piece, size, input, _outputs?.Names ?? _readable, out int given);
            var refusal = new LayoutRefusal(_session, answer);
            _outputs ??= new OutputRoles(answer, _options, ClassNames?.Count, given, refusal).Find();
            for (int i = 0; i < filled; i++)
            {
                var picture = _outputs.Picture(answer, i, given);
                if (_outputs.HasObjectness && UnsupportedDetector.OfBoxes(_outputs.Boxes, picture.Boxes, picture.Count, picture.BoxesAt.Step, input, picture.Classes) is { } undecoded)
                {
                    _outputs = null;
                    throw new DataException(undecoded);
                }

                _evidence.Add(picture);
            }

            _reading = _evidence.Settle(_options, _outputs);
            if (_reading is not null && _outputs.HasNoObject && _reading.Kind != ScoreKind.Softmax)
            {
                var kind = _reading.Kind;
                (_reading, _outputs) = (null, null);
                throw refusal.Because(string.Create(CultureInfo.InvariantCulture, $"The scores have one column more than the {ClassNames!.Count} classes named, and are {(kind == ScoreKind.Probability ? "probabilities" : "sigmoids")}: it could be a background at either end. Name it among the class names at its place; 'no object' is known to be last in a softmax alone (the option ScoreKind)."));
            }

            start += filled;
        }
    }

    private void BringBack(List<DetectedBox> found, Letterbox letterbox)
    {
        int kept = 0;
        for (int i = 0; i < found.Count; i++)
        {
            var box = found[i];
            if (ClassNames is { } names && box.ClassIndex >= names.Count)
            {
                throw new DataException(string.Create(CultureInfo.InvariantCulture, $"The model found a box of class {box.ClassIndex}, but {names.Count} classes, numbered from 0, are named. Name all of its classes in its own order, a background class included where it counts one."));
            }

            // What lies in the border that was added, or outside, is left without extent.
            if (letterbox.ToSource(box.Box) is { Width: > 0, Height: > 0 } source)
            {
                found[kept++] = box with { Box = source };
            }
        }

        found.RemoveRange(kept, found.Count - kept);
    }
}
