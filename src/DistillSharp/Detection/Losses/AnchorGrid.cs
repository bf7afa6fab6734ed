namespace DistillSharp.Detection.Losses;

/// <summary>
/// The anchors of a batch: the centres of the cells of every map, level after level, row by row. Anchor <c>a</c> of level <c>l</c>
/// lies at ((column + 0.5) × stride, (row + 0.5) × stride) pixels.
/// </summary>
internal sealed class AnchorGrid
{
    public AnchorGrid(IEnumerable<(int Height, int Width)> sizes, IEnumerable<int> strides)
    {
        var levels = new List<AnchorLevel>();
        foreach (var ((height, width), stride) in sizes.Zip(strides))
        {
            levels.Add(new(Count, height, width, stride));
            Count += height * width;
        }

        Levels = levels;
        InputSize = (levels[0].Height * levels[0].Stride, levels[0].Width * levels[0].Stride);
    }

    /// <summary>The levels, as the maps are ordered.</summary>
    public IReadOnlyList<AnchorLevel> Levels { get; }

    /// <summary>How many anchors a picture has.</summary>
    public int Count { get; }

    /// <summary>Rows and columns of the picture, in pixels.</summary>
    public (int Height, int Width) InputSize { get; }

    /// <summary>The level an anchor is of.</summary>
    public int LevelOf(int anchor)
    {
        int level = Levels.Count - 1;
        while (Levels[level].Start > anchor)
        {
            level--;
        }

        return level;
    }
}

/// <summary>The anchors of one map.</summary>
/// <param name="Start">The first one's number among all.</param>
/// <param name="Height">The map's rows.</param>
/// <param name="Width">The map's columns.</param>
/// <param name="Stride">Pixels per cell.</param>
internal readonly record struct AnchorLevel(int Start, int Height, int Width, int Stride)
{
    /// <summary>The centre of a cell in cells of this level.</summary>
    /// <param name="anchor">The anchor's number among all.</param>
    public (double X, double Y) CentreInCells(int anchor) => (((anchor - Start) % Width) + 0.5, ((anchor - Start) / Width) + 0.5);
}
