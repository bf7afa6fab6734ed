using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution;

/// <summary>How every new element of one axis is summed from old ones: some of them, each with a factor.</summary>
/// <param name="Count">How many old elements a new one is summed from.</param>
/// <param name="Picks">The old elements' places, tap by tap, each <c>[new]</c>.</param>
/// <param name="Factors">Their factors, tap by tap, each <c>[new]</c>; null where the only one is 1.</param>
/// <param name="Outside">The new elements that lie outside the old ones, or null.</param>
internal sealed record AxisTaps(int Count, long[][] Picks, double[][]? Factors, bool[]? Outside)
{
    /// <summary>Above this many taps one product with a matrix is less work than a pick for each.</summary>
    private const int Few = 4;

    /// <summary>Resizes one axis.</summary>
    /// <param name="x">The value; floats where there are factors.</param>
    /// <param name="axis">The axis.</param>
    public Tensor Apply(Tensor x, int axis)
    {
        if (Factors is null)
        {
            return x.index_select(axis, torch.tensor(Picks[0], device: x.device));
        }

        if (Count > Few)
        {
            return x.transpose(axis, -1).matmul(Matrix(x.shape[axis]).to(x.dtype, x.device)).transpose(axis, -1);
        }

        long[] along = RuntimeShape.Along(x.dim(), axis, Picks[0].Length);
        Tensor? sum = null;
        for (int tap = 0; tap < Count; tap++)
        {
            var factor = torch.tensor(Factors[tap], along, x.dtype, x.device);
            var term = x.index_select(axis, torch.tensor(Picks[tap], device: x.device)).mul(factor);
            sum = sum is null ? term : sum.Plus(term);
        }

        return sum!;
    }

    private Tensor Matrix(long size)
    {
        int columns = Picks[0].Length;
        double[] cells = new double[checked(size * columns)];
        for (int tap = 0; tap < Count; tap++)
        {
            for (int i = 0; i < columns; i++)
            {
                cells[(Picks[tap][i] * columns) + i] += Factors![tap][i];
            }
        }

        return torch.tensor(cells, [size, columns]);
    }
}
