using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Detection.Losses;

/// <summary>
/// What an anchor-free detector with distributed box sides pays (YOLOv8, YOLO11): binary cross-entropy of every anchor's class scores,
/// and for the anchors that a true box was given to, 1 minus the complete IoU and the distribution focal loss, weighted by their wanted
/// scores; each divided by the sum of the wanted scores (at least 1).
/// </summary>
/// <remarks>Which anchor is given which box is decided from the prediction itself (arXiv:2108.07755); no gradient passes there. It runs on any device, in float32 and float64; half-precision maps are computed with in float32.</remarks>
/// <param name="options">Classes, strides, gains and the assigner's numbers.</param>
public sealed class DetectionLoss(DetectionLossOptions options)
{
    private readonly TaskAlignedAssigner _assigner = new(options);

    /// <summary>Computes the loss of a batch.</summary>
    /// <param name="maps">The raw maps, <c>[N, 4 × RegMax + classes, h, w]</c> each, in the strides' order: logits of the distances to the left, upper, right and lower edge, then class logits. The input's size is h and w times the stride.</param>
    /// <param name="targets">The true boxes, <c>[T, 6]</c>: picture, class, then centre and extent (x, y, w, h) as shares of the input's width and height. No rows are allowed. A seventh column says how much each box counts, 0 to 1: soft labels.</param>
    /// <param name="classes">The 0-based classes that the targets tell of; where they tell nothing of a class, its scores cost nothing. Null (default) for all.</param>
    /// <returns>The total with a gradient to the maps, and its items. To be disposed.</returns>
    /// <exception cref="ArgumentException">Maps or targets do not fit each other or the options; the message names which and what was expected.</exception>
    /// <exception cref="ArithmeticException">The loss, or a box that the maps mean, is NaN or infinite; the message names the maps.</exception>
    public DetectionLossValue Compute(IReadOnlyList<Tensor> maps, Tensor targets, IReadOnlyList<int>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(targets);
        var grid = DetectionMaps.Check(maps, options);
        using var scope = NewDisposeScope();
        maps = [.. maps.Select(map => map.dtype is ScalarType.Float32 or ScalarType.Float64 ? map : map.to(ScalarType.Float32))];
        long pictures = maps[0].shape[0];
        var truth = TrueBoxes.Read(targets, (int)pictures, options.Classes, grid.InputSize, maps[0].dtype == ScalarType.Float32);
        var matches = Assign(grid, truth, maps);
        var (box, scores, sides) = Items(maps, grid, truth, matches, classes);
        using var items = stack([box, scores, sides]);
        double[] values = TensorNumbers.Of(items);
        if (!values.All(double.IsFinite))
        {
            throw NotFinite($"The detection loss is not finite: box {values[0]}, classes {values[1]}, distributions {values[2]}", maps);
        }

        var total = box.Plus(scores).Plus(sides).mul(Number.Of((double)pictures));
        return new(total.MoveToOuterDisposeScope(), values[0], values[1], values[2]) { Matches = matches };
    }

    /// <summary>Gives true boxes to anchors, and nothing else.</summary>
    /// <param name="maps">The raw maps, as for <see cref="Compute"/>.</param>
    /// <param name="targets">The true boxes, as for <see cref="Compute"/>.</param>
    internal IReadOnlyList<AnchorMatch> Assign(IReadOnlyList<Tensor> maps, Tensor targets)
    {
        var grid = DetectionMaps.Check(maps, options);
        return Assign(grid, TrueBoxes.Read(targets, (int)maps[0].shape[0], options.Classes, grid.InputSize, maps[0].dtype == ScalarType.Float32), maps);
    }

    internal IReadOnlyList<AnchorMatch> Assign(AnchorGrid grid, TrueBoxes truth, IReadOnlyList<Tensor> maps)
    {
        if (truth.All.Count == 0)
        {
            return [];
        }

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        double[] distances = DetectionMaps.Distances(maps, options.RegMax);
        if (!distances.All(double.IsFinite))
        {
            throw NotFinite("The boxes that the maps mean are not finite", maps);
        }

        var matches = _assigner.Assign(grid, truth, distances, DetectionMaps.ClassLogits(maps, 4 * options.RegMax, truth.ScoreRows));
        return truth.All.All(box => box.Weight == 1) ? matches : [.. matches.Select(match => match with { Score = match.Score * truth.All[match.Truth].Weight })];
    }

    private (Tensor Box, Tensor Class, Tensor Sides) Items(IReadOnlyList<Tensor> maps, AnchorGrid grid, TrueBoxes truth, IReadOnlyList<AnchorMatch> matches, IReadOnlyList<int>? classes)
    {
        double divisor = Math.Max(1, matches.Sum(match => match.Score));

        // Cross-entropy is softplus(x) - x * wanted, and nearly all wanted scores are 0: no tensor of them is made.
        long sidesLogits = 4L * options.RegMax;
        var told = classes is null ? null : tensor([.. classes.Select(label => sidesLogits + label)], device: maps[0].device);
        var scores = maps.Select(map => Softplus.Of(told is null ? map.narrow(1, sidesLogits, options.Classes) : map.index_select(1, told)).sum()).Aggregate((a, b) => a.Plus(b));
        Tensor box, sides;
        if (matches.Count == 0)
        {
            (box, sides) = (zeros_like(scores), zeros_like(scores));
        }
        else
        {
            var positives = new PositiveAnchors(matches, grid, truth, maps[0].dtype, maps[0].device);
            var rows = positives.RowsOf(maps);
            scores -= (rows.narrow(1, sidesLogits, options.Classes).gather(1, positives.Classes.unsqueeze(1)).squeeze(1) * positives.Scores).sum();
            var logs = log_softmax(rows.narrow(1, 0, sidesLogits).reshape(-1, 4, options.RegMax), 2);
            var distances = logs.exp().matmul(arange(Number.Of(0L), Number.Of((long)options.RegMax), Number.One, rows.dtype, rows.device));
            var predicted = cat([positives.Centres - distances.narrow(1, 0, 2), positives.Centres.Plus(distances.narrow(1, 2, 2))], 1);
            var wanted = cat([positives.Centres - positives.Boxes.narrow(1, 0, 2), positives.Boxes.narrow(1, 2, 2) - positives.Centres], 1);
            box = (CompleteIou.Of(predicted, positives.Boxes).neg().Plus(Number.Of(1.0)) * positives.Scores).sum();
            sides = (DistributionFocalLoss.Of(logs, wanted) * positives.Scores).sum();
        }

        return (box.mul(Number.Of(options.BoxGain / divisor)), scores.mul(Number.Of(options.ClassGain / divisor)), sides.mul(Number.Of(options.DistributionGain / divisor)));
    }

    private ArithmeticException NotFinite(string what, IReadOnlyList<Tensor> maps)
    {
        var bad = maps.Select((map, i) => (Number: i, Bad: map.isfinite().logical_not().sum().ToInt64())).Where(map => map.Bad > 0)
            .Select(map => $"map {map.Number} (stride {options.Strides[map.Number]}) holds {map.Bad} numbers that are NaN or infinite");
        return new(
            $"{what}; {string.Join("; ", bad.DefaultIfEmpty("the maps themselves are finite, but too large"))}. "
            + "The network diverged, or its weights or input are damaged: lower the learning rate, warm up longer, or start from other weights.");
    }
}
