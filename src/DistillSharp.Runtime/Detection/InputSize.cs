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
    private const int Usual = 640;

    /// <summary>Settles the size: what the file fixes, then what is asked for, then what its card says, then 640.</summary>
    /// <param name="session">The model.</param>
    /// <param name="asked">The size asked for; null for none.</param>
    /// <exception cref="DataException">The file fixes another size, or it is no multiple of the stride.</exception>
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

        if ((rows is null && height % stride != 0) || (columns is null && width % stride != 0))
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"An image size of {height} x {width} is no multiple of the model's stride {stride}. Use {Up(Math.Max(height, width), stride)}."));
        }

        return new(height, width, rows is null && columns is null, stride);
    }

    private static int Up(int side, int stride) => (side + stride - 1) / stride * stride;
}
