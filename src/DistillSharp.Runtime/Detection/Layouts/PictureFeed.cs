using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Images;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DistillSharp.Runtime.Detection.Layouts;

/// <summary>Gives pictures to a detector from elsewhere as its file wants them: size, numbers, batch, and the size once more where it asks for that.</summary>
internal sealed class PictureFeed
{
    private const int MostSide = 8192;

    /// <summary>The most numbers of an input, 1 GiB of them: a file's claim must not take all memory.</summary>
    private const long MostNumbers = 1L << 28;

    private readonly ModelSession _session;
    private readonly BoxDetectorOptions _options;
    private readonly PixelTable _table;
    private readonly bool _single;
    private readonly LinearResizer _resizer = new();
    private readonly List<string> _sizeInputs = [];
    private float[] _numbers = [];
    private byte[] _fitted = [], _picture = [];

    /// <summary>Looks at the file's inputs.</summary>
    /// <param name="session">The model.</param>
    /// <param name="options">What its user says of it.</param>
    /// <exception cref="DataException">Its inputs are no detector's, or what is said does not fit them.</exception>
    public PictureFeed(ModelSession session, BoxDetectorOptions options)
    {
        (_session, _options) = (session, options);
        _single = session.InputShape is [null or 3, _, _];
        if (!_single)
        {
            DetectorOutput.RequirePictures(session);
        }

        var type = session.Native.InputMetadata[session.InputName].ElementDataType;
        if (type is not (TensorElementType.Float or TensorElementType.Float16 or TensorElementType.UInt8))
        {
            throw new DataException($"The model's input '{session.InputName}' takes {type}; a detector takes pictures of float32, float16 or uint8.");
        }

        foreach (string name in session.Native.InputNames.Where(name => name != session.InputName))
        {
            RequireSize(name);
            _sizeInputs.Add(name);
        }

        if (options.BatchSize is { } asked && Fixed is { } told && asked != told)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"Batches of {asked} were asked for, but the model's file fixes {told}. Leave the batch size out, or free it: distill convert MODEL --dynamic-batch --out FILE."));
        }

        // Bytes are taken as they are, 0 to 255, whatever the card says of floats.
        bool bytes = type == TensorElementType.UInt8;
        var card = bytes ? new(3, 1, 1, [], [1 / 255f, 1 / 255f, 1 / 255f]) : session.Card?.Input;
        _table = new(new(3, 1, 1, options.Mean.Count > 0 ? options.Mean : card?.Mean ?? [], options.Std.Count > 0 ? options.Std : card?.Deviation ?? []));
    }

    /// <summary>The batch that the file fixes; null where any is taken.</summary>
    private int? Fixed => _single ? 1 : _session.FixedBatchSize;

    /// <summary>The size of pictures that the model is given.</summary>
    /// <param name="batch">Rows and columns of the pictures that there are.</param>
    /// <exception cref="DataException">A size is said that the file does not take, or it is too large.</exception>
    public (int Height, int Width) SizeFor((int Height, int Width) batch)
    {
        var (rows, columns) = (_session.InputShape[^2], _session.InputShape[^1]);
        int stride = _session.Card?.Stride ?? 1;
        int height = rows ?? _options.ImageSize ?? Up(batch.Height, stride), width = columns ?? _options.ImageSize ?? Up(batch.Width, stride);
        if (_options.ImageSize is { } side && (height != side || width != side))
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"Pictures of {side} pixels were asked for, but the model's file fixes {height} x {width}. Leave the size out, or export the model for that size or for any size."));
        }

        return height <= MostSide && width <= MostSide && (Fixed ?? 1) * 3L * height * width <= MostNumbers ? (height, width)
            : throw new DataException(string.Create(CultureInfo.InvariantCulture, $"The model's file wants {Fixed ?? 1} pictures of {height} x {width} at once; sides of at most {MostSide} and {MostNumbers} numbers are taken. Export it for smaller pictures."));
    }

    /// <summary>How many pictures the model is given at once.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="isBatched">Whether its answers have an axis of pictures.</param>
    /// <param name="size">Rows and columns that it is given.</param>
    public int PieceOf(int count, bool isBatched, (int Height, int Width) size) =>
        Fixed ?? (isBatched ? (int)Math.Clamp(MostNumbers / (3L * size.Height * size.Width), 1, Math.Min(count, _options.BatchSize ?? count)) : 1);

    /// <summary>Runs the model on some pictures.</summary>
    /// <param name="pixels">The pictures' pixels, <c>[n, 3, H, W]</c>.</param>
    /// <param name="piece">How many pictures it is given: where these are fewer, the rest is zeros if the file fixes the number.</param>
    /// <param name="size">Rows and columns of the pictures.</param>
    /// <param name="input">Rows and columns that it is given.</param>
    /// <param name="outputs">The outputs wanted.</param>
    /// <param name="given">How many pictures it was given.</param>
    /// <exception cref="GraphException">The model cannot be run on that.</exception>
    public IReadOnlyList<OutputTensor> Run(ReadOnlySpan<byte> pixels, int piece, (int Height, int Width) size, (int Height, int Width) input, IReadOnlyList<string> outputs, out int given)
    {
        int from = 3 * size.Height * size.Width, to = checked(3 * input.Height * input.Width), filled = pixels.Length / from;
        given = Fixed is null ? filled : piece;
        int length = checked(given * to);
        if (_numbers.Length < length)
        {
            _numbers = new float[length];
        }

        for (int i = 0; i < filled; i++)
        {
            _table.Write(Fitted(pixels.Slice(i * from, from), size, input), _numbers.AsSpan(i * to, to), input.Height * input.Width);
        }

        Array.Clear(_numbers, filled * to, length - (filled * to));
        List<(string, ReadOnlyMemory<float>, long[])> inputs = [(_session.InputName, _numbers.AsMemory(0, length), _single ? [3, input.Height, input.Width] : [given, 3, input.Height, input.Width])];
        foreach (string name in _sizeInputs)
        {
            float[] sizes = new float[2 * given];
            for (int i = 0; i < given; i++)
            {
                (sizes[2 * i], sizes[(2 * i) + 1]) = (input.Width, input.Height);
            }

            inputs.Add((name, sizes, [given, 2]));
        }

        return _session.RunAll(inputs, outputs);
    }

    private static int Up(int side, int stride) => (side + stride - 1) / stride * stride;

    private ReadOnlySpan<byte> Fitted(ReadOnlySpan<byte> pixels, (int Height, int Width) size, (int Height, int Width) input)
    {
        if (size == input)
        {
            return pixels;
        }

        if (_picture.Length != pixels.Length)
        {
            _picture = new byte[pixels.Length];
        }

        int length = 3 * input.Height * input.Width;
        if (_fitted.Length != length)
        {
            _fitted = new byte[length];
        }

        pixels.CopyTo(_picture);
        LetterboxedPixels.Write(new(3, size.Height, size.Width, _picture), Letterbox.Fit(size.Width, size.Height, input.Width, input.Height), _resizer, _fitted);
        return _fitted;
    }

    /// <summary>Further inputs are the size that boxes are to be told for, as the exporters of RT-DETR ask for it; nothing else can be made up.</summary>
    private void RequireSize(string name)
    {
        var told = _session.Native.InputMetadata[name];
        if (!told.IsTensor || told.Dimensions is not [_, 2] || !name.Contains("size", StringComparison.OrdinalIgnoreCase))
        {
            throw new DataException($"The model also takes '{name}'{(told.IsTensor ? $" [{string.Join(", ", told.Dimensions.Select(size => size > 0 ? size.ToString(CultureInfo.InvariantCulture) : "?"))}]" : "")}; beside pictures, only their size [N, 2] (width, height; such as 'orig_target_sizes') can be given. Export it with the pictures as its only input.");
        }
    }
}
