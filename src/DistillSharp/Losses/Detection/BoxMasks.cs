using TorchSharp;

namespace DistillSharp.Losses.Detection;

/// <summary>Which cells of a map lie in objects' boxes, and how much each counts. The boxes are read once; maps of every level are filled from them.</summary>
internal sealed class BoxMasks
{
    private readonly double[] _corners;
    private readonly long[] _pictures;
    private readonly IReadOnlyList<(int Height, int Width)> _sizes;

    public BoxMasks(LossBoxes boxes)
    {
        _corners = [.. boxes.Corners.to(torch.ScalarType.Float64, torch.CPU).reshape(-1).data<double>()];
        _pictures = [.. boxes.Pictures.to(torch.ScalarType.Int64, torch.CPU).reshape(-1).data<long>()];
        _sizes = boxes.Sizes;
        if (_corners.Length != 4 * _pictures.Length || _pictures.Any(picture => picture < 0 || picture >= _sizes.Count))
        {
            throw new ArgumentException($"There are {_corners.Length / 4} boxes, {_pictures.Length} numbers of their pictures and {_sizes.Count} pictures: give every box the number of a picture of the batch.", nameof(boxes));
        }
    }

    /// <summary>How many pictures there are.</summary>
    public int Pictures => _sizes.Count;

    /// <summary>In a cell of a box one over the smallest box's area in cells, 0 elsewhere; pictures, rows, columns in order.</summary>
    public double[] Foreground(int height, int width)
    {
        double[] mask = new double[_sizes.Count * height * width];
        for (int i = 0; i < _pictures.Length; i++)
        {
            var (rows, columns) = _sizes[(int)_pictures[i]];
            double top = Math.Floor(_corners[(4 * i) + 1] / rows * height), bottom = Math.Ceiling(_corners[(4 * i) + 3] / rows * height);
            double left = Math.Floor(_corners[4 * i] / columns * width), right = Math.Ceiling(_corners[(4 * i) + 2] / columns * width);

            // Published numbers were made with this quotient rounded to float32.
            double share = 1f / (float)(bottom + 1 - top) / (float)(right + 1 - left);
            var picture = mask.AsSpan((int)_pictures[i] * height * width, height * width);
            for (int y = (int)Math.Max(top, 0); y <= Math.Min(bottom, height - 1); y++)
            {
                for (int x = (int)Math.Max(left, 0); x <= Math.Min(right, width - 1); x++)
                {
                    picture[(y * width) + x] = Math.Max(picture[(y * width) + x], share);
                }
            }
        }

        return mask;
    }

    /// <summary>In a cell of no box one over the number of such cells in its picture, 0 elsewhere.</summary>
    public double[] Background(ReadOnlySpan<double> foreground)
    {
        double[] mask = new double[foreground.Length];
        int cells = _sizes.Count == 0 ? 0 : foreground.Length / _sizes.Count;
        for (int start = 0; start < mask.Length; start += cells)
        {
            var picture = foreground.Slice(start, cells);
            double share = 1.0 / Math.Max(picture.Count(0.0), 1);
            for (int i = 0; i < cells; i++)
            {
                mask[start + i] = picture[i] > 0 ? 0 : share;
            }
        }

        return mask;
    }
}
