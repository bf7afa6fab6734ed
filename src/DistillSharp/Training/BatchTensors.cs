using System.Runtime.InteropServices;
using DistillSharp.Execution;
using DistillSharp.Tasks.Data;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>A batch as an executor's tensors, and its answers as class numbers.</summary>
internal static class BatchTensors
{
    /// <summary>The pictures, <c>[N, C, H, W]</c>, in the executor's precision and on its device.</summary>
    public static Tensor Pixels(Batch batch, GraphExecutor executor)
    {
        var (channels, height, width) = batch.Shape;
        return TensorConversion.FromFloats(
            batch.Pixels.Span[..(batch.Count * channels * height * width)], [batch.Count, channels, height, width], executor.Precision, executor.Device);
    }

    /// <summary>The classes, <c>[N]</c>.</summary>
    public static Tensor Labels(Batch batch, GraphExecutor executor) => TensorConversion.FromLabels(batch.Labels.Span[..batch.Count], executor.Device);

    /// <summary>How many of a batch's logits have their largest value at the label; the lowest class wins a tie.</summary>
    public static int CountRight(Tensor logits, ReadOnlySpan<long> labels)
    {
        using var detached = logits.detach();
        using var moved = detached.to(ScalarType.Float32, CPU);
        using var host = moved.contiguous();
        var values = MemoryMarshal.Cast<byte, float>(host.bytes);
        int classes = values.Length / labels.Length, right = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            var row = values.Slice(i * classes, classes);
            int best = 0;
            for (int j = 1; j < classes; j++)
            {
                best = row[j] > row[best] ? j : best;
            }

            right += best == labels[i] ? 1 : 0;
        }

        return right;
    }
}
