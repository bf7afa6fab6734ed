using DistillSharp.Graph;

namespace DistillSharp.Weights.Torch;

/// <summary>Reads the elements of tensors into C order, whatever their strides, and bounds what all of them together take.</summary>
/// <param name="archive">Where they lie.</param>
/// <param name="path">What messages call the file.</param>
internal sealed class TensorElements(TorchArchive archive, string path)
{
    /// <summary>Tied weights are read twice, and strides of 0 repeat elements: more than this many times the file is a bomb.</summary>
    private const long MostGrowth = 4, Spare = 1 << 20;

    private long _read;

    /// <summary>A tensor of its own elements.</summary>
    /// <param name="tensor">Where they lie; it lies inside its storage, which was checked when it was made.</param>
    public TensorData Read(TorchTensor tensor)
    {
        int size = TensorData.SizeOf(tensor.Type);
        long count = TensorData.CountOf([.. tensor.Shape]), bytes = checked(count * size);
        if (bytes > Array.MaxLength || (_read += bytes) > (MostGrowth * archive.Length) + Spare)
        {
            throw new GraphException($"'{path}' cannot be read: its tensors together are more than {MostGrowth} times the file, or one of them is too large ([{string.Join(", ", tensor.Shape)}]).");
        }

        archive.Require(tensor.Storage.Key, tensor.Storage.Count * (tensor.Storage.Type is { } stored ? TensorData.SizeOf(stored) : 1));
        byte[] target = new byte[bytes];
        if (count > 0)
        {
            if (IsDense(tensor))
            {
                archive.Read(tensor.Storage.Key, tensor.Offset * size, target);
            }
            else
            {
                Gather(tensor, size, target);
            }
        }

        if (archive.IsBigEndian && size > 1)
        {
            for (int i = 0; i < target.Length; i += size)
            {
                target.AsSpan(i, size).Reverse();
            }
        }

        return new(tensor.Type, [.. tensor.Shape], target);
    }

    private static bool IsDense(TorchTensor tensor)
    {
        long step = 1;
        for (int i = tensor.Shape.Count - 1; i >= 0; i--)
        {
            if (tensor.Shape[i] != 1 && tensor.Strides[i] != step)
            {
                return false;
            }

            step *= tensor.Shape[i];
        }

        return true;
    }

    private void Gather(TorchTensor tensor, int size, byte[] target)
    {
        long span = 1 + tensor.Shape.Zip(tensor.Strides, (length, stride) => (length - 1) * stride).Sum();
        if (span * size > Array.MaxLength || span * size > archive.Length * (MostGrowth * 2))
        {
            throw new GraphException($"'{path}' cannot be read: a tensor of shape [{string.Join(", ", tensor.Shape)}] is spread over {span} elements.");
        }

        if ((_read += span * size) > (MostGrowth * archive.Length) + Spare)
        {
            throw new GraphException($"'{path}' cannot be read: its tensors together are more than {MostGrowth} times the file.");
        }

        byte[] source = new byte[span * size];
        archive.Read(tensor.Storage.Key, tensor.Offset * size, source);
        long[] index = new long[tensor.Shape.Count];
        long place = 0;
        for (int written = 0; written < target.Length; written += size)
        {
            source.AsSpan((int)(place * size), size).CopyTo(target.AsSpan(written));
            for (int i = index.Length - 1; i >= 0; i--)
            {
                place += tensor.Strides[i];
                if (++index[i] < tensor.Shape[i])
                {
                    break;
                }

                place -= tensor.Strides[i] * tensor.Shape[i];
                index[i] = 0;
            }
        }
    }
}
