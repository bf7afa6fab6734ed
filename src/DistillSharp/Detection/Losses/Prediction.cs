namespace DistillSharp.Detection.Losses;

/// <summary>What the anchors of one picture predict, seen by the assigner.</summary>
/// <param name="grid">The anchors.</param>
/// <param name="truth">The batch's true boxes.</param>
/// <param name="distances">Cells from each anchor to its box's edges, <c>[N, 4, A]</c>.</param>
/// <param name="logits">The class logits of the boxes' score rows, <c>[R, A]</c>.</param>
/// <param name="picture">The picture.</param>
internal sealed class Prediction(AnchorGrid grid, TrueBoxes truth, double[] distances, double[] logits, int picture)
{
    /// <summary>The picture.</summary>
    public int Picture => picture;

    /// <summary>Calls for every anchor that lies inside a true box, in the anchors' order.</summary>
    /// <param name="box">The true box.</param>
    /// <param name="visit">What to call.</param>
    public void Visit(int box, Action<int> visit)
    {
        var rectangle = truth.All[box];
        foreach (var level in grid.Levels)
        {
            var (top, bottom) = Cells(rectangle.Top, rectangle.Bottom, level.Stride, level.Height);
            var (left, right) = Cells(rectangle.Left, rectangle.Right, level.Stride, level.Width);
            for (int y = top; y <= bottom; y++)
            {
                for (int x = left; x <= right; x++)
                {
                    if (rectangle.Holds((x + 0.5) * level.Stride, (y + 0.5) * level.Stride))
                    {
                        visit(level.Start + (y * level.Width) + x);
                    }
                }
            }
        }
    }

    /// <summary>Whether an anchor lies inside a true box.</summary>
    public bool Holds(int anchor, int box)
    {
        var level = grid.Levels[grid.LevelOf(anchor)];
        var (x, y) = level.CentreInCells(anchor);
        return truth.All[box].Holds(x * level.Stride, y * level.Stride);
    }

    /// <summary>How well an anchor's box fits a true box, 0 to 1.</summary>
    public double Overlap(int anchor, int box)
    {
        var level = grid.Levels[grid.LevelOf(anchor)];
        var (x, y) = level.CentreInCells(anchor);
        int at = (picture * 4 * grid.Count) + anchor;
        var corners = (
            (x - distances[at]) * level.Stride,
            (y - distances[at + grid.Count]) * level.Stride,
            (x + distances[at + (2 * grid.Count)]) * level.Stride,
            (y + distances[at + (3 * grid.Count)]) * level.Stride);
        return CompleteIou.AtLeastZero(corners, truth.All[box]);
    }

    /// <summary>The probability an anchor gives a true box's class.</summary>
    public double Score(int anchor, int box) => 1 / (1 + Math.Exp(-logits[(truth.All[box].ScoreRow * grid.Count) + anchor]));

    /// <summary>The cells whose centres may lie between two edges: one more on either side, since the exact test follows.</summary>
    private static (int First, int Last) Cells(double low, double high, int stride, int count) =>
        ((int)Math.Clamp(Math.Floor((low / stride) - 0.5), 0, count), (int)Math.Clamp(Math.Ceiling((high / stride) - 0.5), -1, count - 1));
}
