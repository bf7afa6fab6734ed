using System.Globalization;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Detection;

/// <summary>The size of pictures that a detector is given.</summary>
/// <param name="Height">Rows, or the most rows.</param>
/// <param name="Width">Columns, or the most columns.</param>
/// <param name="Free">Whether the file takes any size, so that smaller rectangles do.</param>
/// <param name="Stride">What free sizes must be multiples of.</param>
internal readonly record struct InputSize(int Height, int Width, bool Free, int Stride)
{
    private const int Usual = 640, MostSide = 8192;

    /// <summary>The most numbers of an input, 1 GiB of them: a file's claim must not take all memory.</summary>
    private const long MostNumbers = 1L << 28;

    /// <summary>Settles the size: what the file fixes, then what is asked for, then what its card says, then 640.</summary>
    /// <param name="session">The model.</param>
    /// <param name="asked">The size asked for; null for none.</param>
    /// <exception cref="DataException">The file fixes another size, the size is no multiple of the stride, or it is too large.</exception>
    public static InputSize Of(ModelSession session, int? asked)
    {
        DetectorOutput.RequirePictures(session);
        var (rows, columns) = (session.InputShape[2], session.InputShape[3]);
        int stride = session.Card?.Stride ?? ModelCard.DefaultStride;
        int height = rows ?? asked ?? session.Card?.Input.Height ?? Usual, width = columns ?? asked ?? session.Card?.Input.Width ?? Usual;
        if (asked is { } side && (height != side || width != side))
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"Pictures of {side} pixels were asked for, but the model's file fixes {height} x {width}. Leave the size out, or export the model for that size or for any size."));
        }

        if (height > MostSide || width > MostSide || (session.FixedBatchSize ?? 1) * 3L * height * width > MostNumbers)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"The model's file wants {session.FixedBatchSize ?? 1} pictures of {height} x {width} at once; sides of at most {MostSide} and {MostNumbers} numbers are taken. Export it for smaller pictures."));
        }

        if ((rows is null && height % stride != 0) || (columns is null && width % stride != 0))
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"An image size of {height} x {width} is no multiple of the model's stride {stride}. Use {Up(Math.Max(height, width), stride)}."));
        }

        return new(height, width, rows is null && columns is null, stride);
    }

    private static int Up(int side, int stride) => (side + stride - 1) / stride * stride;
}
