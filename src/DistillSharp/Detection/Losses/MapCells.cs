using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Losses;

/// <summary>Some cells of a batch's maps, level after level.</summary>
internal sealed class MapCells
{
    private readonly (Tensor Pictures, Tensor Cells)?[] _places;

    /// <summary>Lays the cells out. The tensors belong to the caller's dispose scope.</summary>
    /// <param name="byLevel">For each map the cells: picture of the batch, and number in the map, row by row.</param>
    /// <param name="device">Where the tensors shall live.</param>
    public MapCells(IReadOnlyList<IReadOnlyList<(long Picture, long Cell)>> byLevel, Device device)
    {
        Count = byLevel.Sum(cells => cells.Count);
        _places = [.. byLevel.Select(cells => cells.Count == 0 ? ((Tensor, Tensor)?)null
            : (tensor([.. cells.Select(cell => cell.Picture)], device: device), tensor([.. cells.Select(cell => cell.Cell)], device: device)))];
    }

    /// <summary>How many cells there are.</summary>
    public int Count { get; }

    /// <summary>Takes the cells' rows out of the maps.</summary>
    /// <param name="maps">The maps, <c>[N, C, h, w]</c> each; there is one cell at least.</param>
    /// <returns><c>[P, C]</c>, in the cells' order.</returns>
    public Tensor RowsOf(IReadOnlyList<Tensor> maps)
    {
        var rows = new List<Tensor>();
        for (int i = 0; i < maps.Count; i++)
        {
            if (_places[i] is { } place)
            {
                rows.Add(RowsOf(maps[i], place.Pictures, place.Cells));
            }
        }

        return cat(rows, 0);
    }

    /// <summary>Takes rows out of one map by one flat index: its gradient is many times cheaper than that of an index of pictures and cells.</summary>
    private static Tensor RowsOf(Tensor map, Tensor pictures, Tensor cells)
    {
        long channels = map.shape[1], plane = map.shape[2] * map.shape[3];
        if (!map.is_contiguous())
        {
            // Channels last: the rows lie in the map as they are wanted.
            return map.permute(0, 2, 3, 1).reshape(-1, channels).index_select(0, pictures.mul(Number.Of(plane)).add_(cells, Number.One));
        }

        var first = pictures.mul(Number.Of(channels * plane)).add_(cells, Number.One).unsqueeze(1);
        var steps = arange(Number.Of(0L), Number.Of(channels), Number.One, ScalarType.Int64, map.device).mul_(Number.Of(plane));
        return map.view(-1).index_select(0, first.Plus(steps).view(-1)).view(-1, channels);
    }
}
