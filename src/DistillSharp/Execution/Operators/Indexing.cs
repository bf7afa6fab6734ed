using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Indices as tensors: counted from the front, checked, and joined into places in a flattened value.</summary>
internal static class Indexing
{
    /// <summary>Indices into one axis, as int64 counted from the front, beside the value.</summary>
    /// <param name="indices">The indices; negative ones count from the back.</param>
    /// <param name="size">The axis's size.</param>
    /// <param name="value">The value they point into.</param>
    /// <exception cref="ArgumentException">One does not exist.</exception>
    public static Tensor Counted(Tensor indices, long size, Tensor value)
    {
        var whole = indices.to(ScalarType.Int64, value.device);
        if (whole.numel() > 0 && (whole.min().ToInt64() < -size || whole.max().ToInt64() >= size))
        {
            throw new ArgumentException($"an index is outside -{size} to {size - 1}.");
        }

        return where(whole.lt(Number.Of(0)), whole.Plus(Number.Of(size)), whole);
    }

    /// <summary>The rows that index tuples name in a value whose first axes are flattened into rows.</summary>
    /// <param name="tuples">The tuples, <c>[…, k]</c>; negative indices count from the back.</param>
    /// <param name="sizes">The sizes of the k axes they point into.</param>
    /// <param name="value">The value.</param>
    /// <returns>The rows, <c>[…]</c>.</returns>
    public static Tensor Rows(Tensor tuples, long[] sizes, Tensor value)
    {
        if (tuples.dim() == 0 || tuples.shape[^1] != sizes.Length)
        {
            throw new ArgumentException($"index tuples [{string.Join(", ", tuples.shape)}] do not point into {sizes.Length} axes.");
        }

        var rows = zeros(tuples.shape[..^1], ScalarType.Int64, value.device);
        for (int i = 0; i < sizes.Length; i++)
        {
            rows = rows.mul(Number.Of(sizes[i])).Plus(Counted(tuples.select(-1, i), sizes[i], value));
        }

        return rows;
    }

    /// <summary>The places that element indices name in a flattened value.</summary>
    /// <param name="indices">Indices along one axis, of the value's rank; their own place tells the other axes.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="value">The value.</param>
    public static Tensor Places(Tensor indices, int axis, Tensor value)
    {
        long[] shape = value.shape, own = indices.shape;
        if (own.Length != shape.Length || own.Where((size, i) => i != axis && size > shape[i]).Any())
        {
            throw new ArgumentException($"indices [{string.Join(", ", own)}] do not lie within [{string.Join(", ", shape)}].");
        }

        Tensor places = zeros(own, ScalarType.Int64, value.device);
        for (int i = 0; i < shape.Length; i++)
        {
            var along = i == axis ? Counted(indices, shape[i], value) : arange(Number.Of(0L), Number.Of(own[i]), Number.One, ScalarType.Int64, value.device).reshape(RuntimeShape.Along(shape.Length, i, own[i]));
            places = places.mul(Number.Of(shape[i])).Plus(along);
        }

        return places;
    }
}
