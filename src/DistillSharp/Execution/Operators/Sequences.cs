using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>ReverseSequence: the first steps of each sequence backwards, as many as it is long.</summary>
internal static class Sequences
{
    [Operator("ReverseSequence")]
    public static Kernel ReverseSequence(NodeContext node)
    {
        long time = node.Node.Int("time_axis", 0), batch = node.Node.Int("batch_axis", 1);
        if ((time, batch) is not ((0, 1) or (1, 0)))
        {
            throw node.Refuse($"time_axis {time} and batch_axis {batch} must be 0 and 1, or 1 and 0.");
        }

        int x = node.Input(0), lengths = node.Input(1);
        return Scoped.One(node, frame =>
        {
            var value = frame[x];
            long[] shape = value.shape;
            var ends = frame[lengths].to(ScalarType.Int64, value.device);
            if (shape.Length < 2 || ends.dim() != 1 || ends.shape[0] != shape[batch])
            {
                throw new ArgumentException($"lengths [{string.Join(", ", ends.shape)}] are not one for each sequence of [{string.Join(", ", shape)}].");
            }

            long longest = shape[time];
            if (ends.numel() > 0 && (ends.min().ToInt64() < 0 || ends.max().ToInt64() > longest))
            {
                throw new ArgumentException($"a length is outside 0 to {longest}.");
            }

            var steps = arange(Number.Of(0L), Number.Of(longest), Number.One, ScalarType.Int64, value.device).unsqueeze((int)batch);
            ends = ends.unsqueeze((int)time);
            var picks = where(steps.lt(ends), ends.sub(Number.Of(1L)).sub(steps), steps.expand(shape[0], shape[1]));
            return value.gather(time, picks.reshape([shape[0], shape[1], .. shape[2..].Select(_ => 1L)]).expand(shape));
        });
    }
}
