using DistillSharp.Detection.Distillation;
using DistillSharp.Detection.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Detection.Distillation;

public sealed class CellSelectionTests
{
    private const int Sides = 64, Classes = 2;
    private static readonly AnchorGrid s_grid = new([(4, 4), (2, 2)], [8, 16]);

    // Picture 1, level 0, cell 5; picture 0, level 1, cell 3: anchors are counted level after level.
    private static readonly AnchorMatch[] s_matches = [new(1, 5, 0, 0.5), new(0, 16 + 3, 1, 0.5)];

    [Fact]
    public void Assigned_cells_are_those_of_the_matches()
    {
        using var scope = NewDisposeScope();
        var maps = Maps();

        var rows = new CellSelection { Choice = CellChoice.Assigned }.Choose(s_matches, s_grid, maps, Sides).RowsOf(maps);

        Assert.Equal([2, 66], rows.shape);
        Assert.Equal(Row(maps[0], 1, 5), Numbers(rows[0]));
        Assert.Equal(Row(maps[1], 0, 3), Numbers(rows[1]));
    }

    [Fact]
    public void Confident_cells_are_those_where_the_best_class_is_sure_enough()
    {
        using var scope = NewDisposeScope();
        var maps = Maps();
        Sure(maps[0], picture: 0, cell: 7, label: 1, probability: 0.6);
        Sure(maps[1], picture: 1, cell: 2, label: 0, probability: 0.26);
        Sure(maps[1], picture: 1, cell: 1, label: 0, probability: 0.24);

        var cells = new CellSelection { Choice = CellChoice.Confident, Confidence = 0.25 }.Choose(s_matches, s_grid, maps, Sides);

        Assert.Equal(2, cells.Count);
        var rows = cells.RowsOf(maps);
        Assert.Equal(Row(maps[0], 0, 7), Numbers(rows[0]));
        Assert.Equal(Row(maps[1], 1, 2), Numbers(rows[1]));
    }

    [Fact]
    public void Both_count_a_cell_once()
    {
        using var scope = NewDisposeScope();
        var maps = Maps();
        Sure(maps[0], picture: 1, cell: 5, label: 0, probability: 0.9);
        Sure(maps[0], picture: 0, cell: 0, label: 0, probability: 0.9);

        Assert.Equal(3, new CellSelection().Choose(s_matches, s_grid, maps, Sides).Count);
    }

    [Fact]
    public void Where_there_would_be_none_the_surest_of_each_level_is_taken()
    {
        using var scope = NewDisposeScope();
        var maps = Maps();
        Sure(maps[0], picture: 1, cell: 9, label: 1, probability: 0.02);

        var rows = new CellSelection { Choice = CellChoice.Confident }.Choose([], s_grid, maps, Sides).RowsOf(maps);

        Assert.Equal(2, rows.shape[0]);
        Assert.Equal(Row(maps[0], 1, 9), Numbers(rows[0]));
    }

    /// <summary>Maps on which no class is sure of anything.</summary>
    private static Tensor[] Maps() => [.. new long[] { 4, 2 }.Select((side, i) =>
    {
        using var generator = new Generator((ulong)i + 1);
        var map = randn([2, Sides + Classes, side, side], ScalarType.Float64, generator: generator);
        map.narrow(1, Sides, Classes).sub_(10);
        return map;
    })];

    private static void Sure(Tensor map, int picture, int cell, int label, double probability) =>
        map[picture, Sides + label, cell / map.shape[3], cell % map.shape[3]] = Math.Log(probability / (1 - probability));

    private static double[] Row(Tensor map, int picture, int cell) => Numbers(map[picture, .., cell / (int)map.shape[3], cell % (int)map.shape[3]]);

    private static double[] Numbers(Tensor tensor) => [.. tensor.contiguous().data<double>()];
}
