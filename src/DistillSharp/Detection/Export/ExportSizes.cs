using DistillSharp.Graph;
using DistillSharp.Tasks;

namespace DistillSharp.Detection.Export;

/// <summary>The sizes a file is made for.</summary>
/// <param name="Batch">The pictures of a batch.</param>
/// <param name="Channels">The pictures' channels.</param>
/// <param name="Height">Their rows.</param>
/// <param name="Width">Their columns.</param>
/// <param name="Stride">What their sides must be multiples of.</param>
/// <param name="Free">The dimensions of the model that are free, by name, and what they are to be.</param>
/// <param name="IsDynamic">Whether they stay free.</param>
internal sealed record ExportSizes(int Batch, int Channels, int Height, int Width, int Stride, IReadOnlyDictionary<string, long> Free, bool IsDynamic)
{
    /// <summary>Settles the sizes: as they were asked for, else as the file has them, else as its card says.</summary>
    /// <exception cref="ArgumentException">They contradict the file, or are no multiples of the stride.</exception>
    public static ExportSizes Of(DetectorFile detector, DetectorExportOptions options)
    {
        var shape = detector.Graph.Inputs[0].Shape!;
        var card = detector.Card;
        int stride = card.Stride ?? ModelCard.DefaultStride;
        if (options.Dynamic && shape.Skip(2).Append(shape[0]).Any(size => size.Size is not null))
        {
            throw new ArgumentException($"'{detector.Path}' was made for one size, {detector.Graph.Inputs[0]}, and cannot be made dynamic again. Export the checkpoint or the run's weights/best.onnx instead.");
        }

        var free = new Dictionary<string, long>(StringComparer.Ordinal);
        int Settle(int axis, string what, int? asked, int fallback)
        {
            if (shape[axis].Size is { } size)
            {
                return asked is null || asked == size ? (int)size : throw new ArgumentException($"'{detector.Path}' was made for {what} {size}, not {asked}: its input is {detector.Graph.Inputs[0]}. Export the checkpoint or the run's weights/best.onnx instead.");
            }

            string name = shape[axis].ToString();
            int wanted = asked ?? fallback;
            return free.TryAdd(name, wanted) || free[name] == wanted ? wanted
                : throw new ArgumentException($"The input {detector.Graph.Inputs[0]} calls two dimensions '{name}', which can only be of one size, not {free[name]} and {wanted}.");
        }

        int batch = Settle(0, "a batch of", options.Batch, 1), height = Settle(2, "a height of", options.Size?.Height, card.Input.Height), width = Settle(3, "a width of", options.Size?.Width, card.Input.Width);
        foreach (int side in new[] { height, width })
        {
            if (side % stride != 0)
            {
                int up = (side + stride - 1) / stride * stride;
                throw new ArgumentException($"The pictures' sides must be multiples of the detector's stride {stride}, but {height}x{width} was asked for: {side} is none. {(up > stride ? $"Use {up - stride} or {up}" : $"Use {up}")} instead.");
            }
        }

        return new(batch, (int)(shape[1].Size ?? card.Input.Channels), height, width, stride, free, options.Dynamic);
    }
}
