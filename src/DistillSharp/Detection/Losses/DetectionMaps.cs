using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Detection.Losses;

/// <summary>A detector's raw maps: their fit to the options, and what the assigner reads from them.</summary>
internal static class DetectionMaps
{
    /// <summary>Checks the maps' shapes.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="options">What they must fit.</param>
    /// <returns>Their anchors.</returns>
    /// <exception cref="ArgumentException">One does not fit; the message names it.</exception>
    public static AnchorGrid Check(IReadOnlyList<Tensor> maps, DetectionLossOptions options)
    {
        int channels = (4 * options.RegMax) + options.Classes;
        if (maps.Count != options.Strides.Count)
        {
            throw new ArgumentException($"{maps.Count} maps were given for {options.Strides.Count} strides ({string.Join(", ", options.Strides)}). Give one map for each stride, in that order.", nameof(maps));
        }

        for (int i = 0; i < maps.Count; i++)
        {
            long[] shape = maps[i].shape, first = maps[0].shape;
            if (shape.Length != 4 || shape[1] != channels || shape.Contains(0) || shape[0] != first[0])
            {
                throw new ArgumentException(
                    $"Map {i} has the shape [{string.Join(", ", shape)}] instead of [{(first.Length == 4 ? first[0] : "N")}, {channels}, h, w]: 4 × {options.RegMax} logits of the box's sides, then {options.Classes} class logits. "
                    + "The options' classes must be the model's, and all maps must be of one batch.",
                    nameof(maps));
            }

            if (shape[2] * options.Strides[i] != first[2] * options.Strides[0] || shape[3] * options.Strides[i] != first[3] * options.Strides[0])
            {
                throw new ArgumentException(
                    $"Map {i} of {shape[2]} × {shape[3]} cells with stride {options.Strides[i]} is of another input than map 0 of {first[2]} × {first[3]} cells with stride {options.Strides[0]}. "
                    + $"The input's sides must be multiples of {options.Strides.Max()}, and the maps must stand in the strides' order.",
                    nameof(maps));
            }

            if (!maps[i].is_floating_point() || maps[i].dtype != maps[0].dtype)
            {
                throw new ArgumentException($"Map {i} is of {maps[i].dtype} and map 0 of {maps[0].dtype}. All maps must be of one floating-point type.", nameof(maps));
            }
        }

        return new(maps.Select(map => ((int)map.shape[2], (int)map.shape[3])), options.Strides);
    }

    /// <summary>The distances that the box logits mean: each the mean of its distribution, in cells.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="regMax">How many distances a distribution is over.</param>
    /// <returns><c>[N, 4, A]</c>.</returns>
    public static double[] Distances(IReadOnlyList<Tensor> maps, int regMax)
    {
        var bins = arange(Number.Of(0L), Number.Of((long)regMax), Number.One, maps[0].dtype, maps[0].device).view(1, regMax);
        return TensorNumbers.Of(cat([.. maps.Select(map => bins.matmul(softmax(map.narrow(1, 0, 4L * regMax).flatten(2).reshape(-1, 4, regMax, map.shape[2] * map.shape[3]), 2)).squeeze(2))], 2));
    }

    /// <summary>The logits of some classes in some pictures.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="before">How many channels come before the classes.</param>
    /// <param name="rows">Pictures and classes.</param>
    /// <returns><c>[R, A]</c>.</returns>
    public static double[] ClassLogits(IReadOnlyList<Tensor> maps, int before, IReadOnlyList<(int Picture, int Class)> rows)
    {
        var pictures = TensorIndex.Tensor(tensor(rows.Select(row => (long)row.Picture).ToArray(), device: maps[0].device));
        var channels = TensorIndex.Tensor(tensor(rows.Select(row => (long)(before + row.Class)).ToArray(), device: maps[0].device));
        return TensorNumbers.Of(cat([.. maps.Select(map => map.index(pictures, channels).flatten(1))], 1));
    }
}
