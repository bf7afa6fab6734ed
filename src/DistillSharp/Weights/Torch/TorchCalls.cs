using DistillSharp.Graph;
using DistillSharp.Weights.Pickle;

namespace DistillSharp.Weights.Torch;

/// <summary>The calls by which PyTorch rebuilds tensors, and its persistent ids, which stand for storages.</summary>
/// <param name="cursor">Says where an error is.</param>
internal sealed class TorchCalls(PickleCursor cursor) : PickleCalls(cursor)
{
    private const int MostDimensions = 64;
    private readonly PickleCursor _cursor = cursor;

    /// <inheritdoc/>
    public override object? Interpret(PickleGlobal callable, IReadOnlyList<object?> arguments) => callable.FullName switch
    {
        "torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2" => Rebuild(callable, arguments, null),
        "torch._utils._rebuild_tensor_v3" => Rebuild(callable, arguments, arguments is [_, _, _, _, _, _, PickleGlobal dtype, ..] && TorchTypes.OfDtype(dtype) is { } type ? type : throw Malformed(callable)),
        "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state" => arguments is [TorchTensor tensor, ..] ? tensor : throw Malformed(callable),
        "torch._tensor._rebuild_from_type_v2" => arguments is [PickleGlobal inner, PickleGlobal, PickleTuple rest, ..] && inner.FullName != callable.FullName ? Interpret(inner, rest.Items) : throw Malformed(callable),
        "torch.Size" => arguments is [PickleTuple sizes] ? sizes : throw Malformed(callable),
        _ => base.Interpret(callable, arguments),
    };

    /// <inheritdoc/>
    public override object Persistent(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal type, string key, string, long count] } || count < 0)
        {
            throw _cursor.Error("there is a persistent id that is no ('storage', type, key, place, count)");
        }

        return TorchTypes.IsUntyped(type) ? new TorchStorage(null, key, count)
            : TorchTypes.OfStorage(type) is { } element ? new TorchStorage(element, key, count)
            : throw _cursor.Error($"the storage '{key}' holds '{type.FullName}', which is no type of elements that is read");
    }

    private TorchTensor Rebuild(PickleGlobal callable, IReadOnlyList<object?> arguments, ElementType? dtype)
    {
        if (arguments is not [TorchStorage storage, long offset, PickleTuple { Items: var sizes }, PickleTuple { Items: var steps }, ..]
            || (dtype ?? storage.Type) is not { } type || sizes.Count != steps.Count || sizes.Count > MostDimensions)
        {
            throw Malformed(callable);
        }

        long[] shape = [.. sizes.Select(size => size is long number ? number : throw Malformed(callable))];
        long[] strides = [.. steps.Select(step => step is long number ? number : throw Malformed(callable))];
        RequireInside(storage, type, offset, shape, strides);
        return new(storage, type, offset, shape, strides);
    }

    /// <summary>Every element a tensor sees must lie in its storage.</summary>
    private void RequireInside(TorchStorage storage, ElementType type, long offset, long[] shape, long[] strides)
    {
        try
        {
            long last = offset, count = TensorData.CountOf(shape);
            for (int i = 0; i < shape.Length; i++)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(strides[i]);
                last = checked(last + (Math.Max(shape[i] - 1, 0) * strides[i]));
            }

            long held = storage.Type is null ? storage.Count / TensorData.SizeOf(type) : storage.Count;

            // All later sums are of these, so that none of them can overflow.
            _ = checked(Math.Max(count, held) * TensorData.SizeOf(type));
            if (offset >= 0 && (count == 0 ? offset <= held : last < held))
            {
                return;
            }
        }
        catch (Exception error) when (error is OverflowException or ArgumentOutOfRangeException)
        {
            // Told below, like everything else that does not lie inside.
        }

        throw _cursor.Error($"a tensor of shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {offset} does not lie in its storage '{storage.Key}' of {storage.Count}");
    }

    private GraphException Malformed(PickleGlobal callable) => _cursor.Error($"'{callable.FullName}' is called with arguments it does not take");
}
