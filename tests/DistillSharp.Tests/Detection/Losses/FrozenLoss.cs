using DistillSharp.Detection.Losses;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Detection.Losses;

/// <summary>
/// The detection loss by its definition, in plain loops, with what no gradient passes through fixed at the maps' present values: the
/// assignment, its scores and the aspect term's weight. What the gradients are measured with.
/// </summary>
internal sealed class FrozenLoss
{
    private const int Bins = 8, Channels = 35;
    private readonly LossScene _scene;
    private readonly AnchorGrid _grid;
    private readonly TrueBoxes _truth;
    private readonly IReadOnlyList<AnchorMatch> _matches;
    private readonly double[] _weights;

    public FrozenLoss(LossScene scene)
    {
        _scene = scene;
        _grid = DetectionMaps.Check(scene.Maps, LossScene.Options);
        _truth = TrueBoxes.Read(scene.Targets, (int)scene.Maps[0].shape[0], LossScene.Classes, _grid.InputSize, single: false);
        _matches = scene.Assign();
        double[][] maps = Values();
        _weights = [.. _matches.Select(match => Overlap(match, Sides(maps, match)) is var (iou, _, aspect) ? aspect / (aspect - iou + 1) : 0)];
    }

    public double Total()
    {
        double[][] maps = Values();
        double pictures = _scene.Maps[0].shape[0], divisor = Math.Max(1, _matches.Sum(match => match.Score)), classes = 0, box = 0, sides = 0;
        for (int i = 0; i < maps.Length; i++)
        {
            int plane = _grid.Levels[i].Height * _grid.Levels[i].Width;
            classes += maps[i].Where((_, at) => at / plane % Channels >= 4 * Bins).Sum(logit => Math.Log(1 + Math.Exp(logit)));
        }

        for (int i = 0; i < _matches.Count; i++)
        {
            var match = _matches[i];
            classes -= At(maps, match, (4 * Bins) + _truth.All[match.Truth].ClassIndex) * match.Score;
            var distributions = Sides(maps, match);
            var (iou, distance, aspect) = Overlap(match, distributions);
            box += (1 - (iou - distance - (_weights[i] * aspect))) * match.Score;
            sides += Enumerable.Range(0, 4).Average(side => Nearness(distributions[side], Wanted(match)[side])) * match.Score;
        }

        return pictures * ((7.5 * box) + (0.5 * classes) + (1.5 * sides)) / divisor;
    }

    private static double Nearness(double[] probabilities, double wanted)
    {
        wanted = Math.Clamp(wanted, 0, Bins - 1 - 0.01);
        int below = (int)wanted;
        return -((Math.Log(probabilities[below]) * (below + 1 - wanted)) + (Math.Log(probabilities[below + 1]) * (wanted - below)));
    }

    private double[] Wanted(AnchorMatch match)
    {
        var level = _grid.Levels[_grid.LevelOf(match.Anchor)];
        var (x, y) = level.CentreInCells(match.Anchor);
        var truth = _truth.All[match.Truth];
        return [x - (truth.Left / level.Stride), y - (truth.Top / level.Stride), (truth.Right / level.Stride) - x, (truth.Bottom / level.Stride) - y];
    }

    private (double Iou, double Distance, double Aspect) Overlap(AnchorMatch match, double[][] distributions)
    {
        // Around the anchor as the origin: left, top, right, bottom are -d0, -d1, d2, d3.
        double[] p = [.. distributions.Select(distribution => distribution.Select((probability, bin) => probability * bin).Sum())], t = Wanted(match);
        double width = Math.Min(p[2], t[2]) + Math.Min(p[0], t[0]), height = Math.Min(p[3], t[3]) + Math.Min(p[1], t[1]);
        double shared = Math.Max(0, width) * Math.Max(0, height), either = ((p[0] + p[2]) * (p[1] + p[3])) + ((t[0] + t[2]) * (t[1] + t[3])) - shared;
        double across = Math.Max(p[2], t[2]) + Math.Max(p[0], t[0]), down = Math.Max(p[3], t[3]) + Math.Max(p[1], t[1]);
        double dx = (p[2] - p[0] - t[2] + t[0]) / 2, dy = (p[3] - p[1] - t[3] + t[1]) / 2;
        double turn = Math.Atan((t[0] + t[2]) / (t[1] + t[3])) - Math.Atan((p[0] + p[2]) / (p[1] + p[3]));
        return (shared / either, ((dx * dx) + (dy * dy)) / ((across * across) + (down * down)), 4 / (Math.PI * Math.PI) * turn * turn);
    }

    private double[][] Sides(double[][] maps, AnchorMatch match) =>
        [.. Enumerable.Range(0, 4).Select(side =>
        {
            double[] powers = [.. Enumerable.Range(0, Bins).Select(bin => Math.Exp(At(maps, match, (side * Bins) + bin)))];
            return powers.Select(power => power / powers.Sum()).ToArray();
        })];

    private double At(double[][] maps, AnchorMatch match, int channel)
    {
        int number = _grid.LevelOf(match.Anchor);
        var level = _grid.Levels[number];
        return maps[number][(((match.Picture * Channels) + channel) * level.Height * level.Width) + match.Anchor - level.Start];
    }

    private double[][] Values()
    {
        using var guard = no_grad();
        return [.. _scene.Maps.Select(TensorNumbers.Of)];
    }
}
