using DistillSharp.Detection.Losses;
using DistillSharp.Native;
using DistillSharp.Tasks.Detection;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Distillation;

/// <summary>Boxes from a detector's raw maps: sides are the means of their distributions, scores the sigmoids of class logits; what overlaps is suppressed.</summary>
/// <param name="strides">Pixels of the picture in a cell of each map.</param>
/// <param name="bins">How many distances a side is a distribution over.</param>
/// <param name="suppression">Which boxes count.</param>
internal sealed class MapDecoder(IReadOnlyList<int> strides, int bins, NonMaxSuppressionOptions suppression)
{
    private readonly DetectionDecoder _decoder = new(suppression);

    /// <summary>Decodes a batch.</summary>
    /// <param name="maps">The maps, <c>[N, 4 × bins + classes, h, w]</c>, in the strides' order.</param>
    /// <returns>The boxes of each picture in pixels of the input, by falling confidence.</returns>
    public IReadOnlyList<IReadOnlyList<DetectedBox>> Decode(IReadOnlyList<Tensor> maps)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        int pictures = (int)maps[0].shape[0], classes = (int)maps[0].shape[1] - (4 * bins);
        var grid = new AnchorGrid(maps.Select(map => ((int)map.shape[2], (int)map.shape[3])), strides);
        double[] distances = DetectionMaps.Distances(maps, bins);
        using var scores = cat([.. maps.Select(map => map.narrow(1, 4L * bins, classes).flatten(2).sigmoid())], 2).to(ScalarType.Float32).contiguous();
        var all = scores.data<float>().ToArray();
        var output = new DetectionOutput(DetectionForm.Planes, classes, grid.Count);
        float[] answer = new float[output.Length];
        var found = new List<IReadOnlyList<DetectedBox>>(pictures);
        for (int i = 0; i < pictures; i++)
        {
            Boxes(grid, distances.AsSpan(i * 4 * grid.Count, 4 * grid.Count), answer);
            all.AsSpan(i * classes * grid.Count, classes * grid.Count).CopyTo(answer.AsSpan(4 * grid.Count));
            var boxes = new List<DetectedBox>();
            _decoder.Decode(answer, output, boxes);
            found.Add(boxes);
        }

        return found;
    }

    private static void Boxes(AnchorGrid grid, ReadOnlySpan<double> distances, Span<float> planes)
    {
        int count = grid.Count;
        foreach (var level in grid.Levels)
        {
            for (int i = level.Start; i < level.Start + (level.Height * level.Width); i++)
            {
                var (x, y) = level.CentreInCells(i);
                double left = distances[i], top = distances[count + i], right = distances[(2 * count) + i], bottom = distances[(3 * count) + i];
                planes[i] = (float)((x + ((right - left) / 2)) * level.Stride);
                planes[count + i] = (float)((y + ((bottom - top) / 2)) * level.Stride);
                planes[(2 * count) + i] = (float)((left + right) * level.Stride);
                planes[(3 * count) + i] = (float)((top + bottom) * level.Stride);
            }
        }
    }
}
