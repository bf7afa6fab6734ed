using DistillSharp.Detection.Losses;
using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Distillation;

/// <summary>Chooses the cells at which class scores and box sides of student and teacher are compared.</summary>
internal sealed record CellSelection
{
    /// <summary>Which cells.</summary>
    public CellChoice Choice { get; init; }

    /// <summary>How sure of a class the teacher must be at a confident cell, 0 to 1.</summary>
    public double Confidence { get; init; } = 0.25;

    /// <summary>Chooses the cells of a batch. Where there would be none, the teacher's surest one of each level is taken, so that the loss is one.</summary>
    /// <param name="matches">The anchors that the student's own loss gave a true box to.</param>
    /// <param name="grid">The anchors.</param>
    /// <param name="maps">The teacher's maps, <c>[N, sides + classes, h, w]</c>.</param>
    /// <param name="sides">How many channels come before the classes.</param>
    /// <returns>The cells; their tensors belong to the caller's dispose scope.</returns>
    public MapCells Choose(IReadOnlyList<AnchorMatch> matches, AnchorGrid grid, IReadOnlyList<Tensor> maps, int sides)
    {
        using var guard = no_grad();
        var chosen = grid.Levels.Select(_ => new SortedSet<(long, long)>()).ToArray();
        if (Choice != CellChoice.Confident)
        {
            foreach (var match in matches)
            {
                int level = grid.LevelOf(match.Anchor);
                chosen[level].Add((match.Picture, match.Anchor - grid.Levels[level].Start));
            }
        }

        if (Choice != CellChoice.Assigned)
        {
            AddConfident(chosen, maps, sides);
        }

        if (chosen.All(cells => cells.Count == 0))
        {
            AddSurest(chosen, maps, sides);
        }

        return new([.. chosen.Select(cells => (IReadOnlyList<(long, long)>)[.. cells])], maps[0].device);
    }

    private void AddConfident(SortedSet<(long, long)>[] chosen, IReadOnlyList<Tensor> maps, int sides)
    {
        // The logit of a probability: what the sigmoid would have to be taken of everywhere.
        double bound = Math.Log(Confidence / (1 - Confidence));
        for (int i = 0; i < maps.Count; i++)
        {
            using var scope = NewDisposeScope();
            var places = Best(maps[i], sides).gt(Number.Of(bound)).nonzero();
            long[] numbers = [.. places.to(ScalarType.Int64).cpu().contiguous().data<long>()];
            for (int j = 0; j < numbers.Length; j += 2)
            {
                chosen[i].Add((numbers[j], numbers[j + 1]));
            }
        }
    }

    private static void AddSurest(SortedSet<(long, long)>[] chosen, IReadOnlyList<Tensor> maps, int sides)
    {
        for (int i = 0; i < maps.Count; i++)
        {
            using var scope = NewDisposeScope();
            var best = Best(maps[i], sides);
            long place = best.argmax().ToInt64(), cells = best.shape[1];
            chosen[i].Add((place / cells, place % cells));
        }
    }

    /// <summary>The largest class logit of every cell, <c>[N, cells]</c>.</summary>
    private static Tensor Best(Tensor map, int sides) => map.narrow(1, sides, map.shape[1] - sides).amax([1]).flatten(1);
}
