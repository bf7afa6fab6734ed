using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>Brings maps of different rows and columns together: the larger is averaged down to the smaller.</summary>
internal static class MapSizes
{
    /// <summary>Two maps with the rows and columns of the smaller.</summary>
    /// <param name="first">A map, <c>[N, C, H, W]</c>.</param>
    /// <param name="second">Another; channels may differ.</param>
    public static (Tensor First, Tensor Second) Meet(Tensor first, Tensor second)
    {
        var (height, width) = Smaller(first, second);
        return (Average(first, height, width), Average(second, height, width));
    }

    /// <summary>The rows and columns that both maps can be pooled to.</summary>
    /// <param name="first">A map, <c>[N, C, H, W]</c>.</param>
    /// <param name="second">Another.</param>
    public static (long Height, long Width) Smaller(Tensor first, Tensor second)
    {
        long[] a = first.shape, b = second.shape;
        return (Math.Min(a[2], b[2]), Math.Min(a[3], b[3]));
    }

    /// <summary>A map averaged to other rows and columns; itself where it has them.</summary>
    /// <param name="map">The map, <c>[N, C, H, W]</c>.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public static Tensor Average(Tensor map, long height, long width) => Has(map, height, width) ? map : adaptive_avg_pool2d(map, (height, width));

    /// <summary>A map with the largest of each place at other rows and columns; itself where it has them.</summary>
    /// <param name="map">The map, <c>[N, C, H, W]</c>.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public static Tensor Largest(Tensor map, long height, long width) => Has(map, height, width) ? map : adaptive_max_pool2d(map, [height, width]);

    private static bool Has(Tensor map, long height, long width)
    {
        long[] shape = map.shape;
        return shape[2] == height && shape[3] == width;
    }
}
