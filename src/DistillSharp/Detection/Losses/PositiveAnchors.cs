using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Losses;

/// <summary>The assigned anchors as tensors, level after level. Everything in cells of the anchor's level.</summary>
internal sealed class PositiveAnchors
{
    private readonly MapCells _cells;

    /// <summary>Lays the matches out. The tensors belong to the caller's dispose scope.</summary>
    /// <param name="matches">At least one match.</param>
    /// <param name="grid">The anchors.</param>
    /// <param name="truth">The true boxes.</param>
    /// <param name="type">The floating-point type.</param>
    /// <param name="device">Where the tensors shall live.</param>
    public PositiveAnchors(IReadOnlyList<AnchorMatch> matches, AnchorGrid grid, TrueBoxes truth, ScalarType type, Device device)
    {
        const int Numbers = 7;
        var byLevel = matches.ToLookup(match => grid.LevelOf(match.Anchor));
        double[] numbers = new double[matches.Count * Numbers];
        long[] classes = new long[matches.Count];
        var places = new List<(long Picture, long Cell)>[grid.Levels.Count];
        int at = 0;
        for (int i = 0; i < places.Length; i++)
        {
            var level = grid.Levels[i];
            places[i] = [];
            foreach (var match in byLevel[i])
            {
                var box = truth.All[match.Truth];
                var (x, y) = level.CentreInCells(match.Anchor);
                new[] { x, y, box.Left / level.Stride, box.Top / level.Stride, box.Right / level.Stride, box.Bottom / level.Stride, match.Score }.CopyTo(numbers, at * Numbers);
                classes[at++] = box.ClassIndex;
                places[i].Add((match.Picture, match.Anchor - level.Start));
            }

        }

        _cells = new(places, device);
        var all = tensor(numbers, [matches.Count, Numbers]).to(type, device);
        (Centres, Boxes, Scores) = (all.narrow(1, 0, 2), all.narrow(1, 2, 4), all.select(1, 6));
        Classes = tensor(classes, device: device);
    }

    /// <summary>The anchors' centres, <c>[P, 2]</c>.</summary>
    public Tensor Centres { get; }

    /// <summary>The true boxes' corners, <c>[P, 4]</c>.</summary>
    public Tensor Boxes { get; }

    /// <summary>The wanted scores, <c>[P]</c>.</summary>
    public Tensor Scores { get; }

    /// <summary>The true boxes' classes, <c>[P]</c>, int64.</summary>
    public Tensor Classes { get; }

    /// <summary>Takes the anchors' rows out of the maps.</summary>
    /// <param name="maps">The maps, <c>[N, C, h, w]</c> each.</param>
    /// <returns><c>[P, C]</c>, in the order of the other tensors.</returns>
    public Tensor RowsOf(IReadOnlyList<Tensor> maps) => _cells.RowsOf(maps);
}
