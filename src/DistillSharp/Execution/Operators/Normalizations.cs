using DistillSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Execution.Operators;

/// <summary>LayerNormalization, InstanceNormalization, GroupNormalization, MeanVarianceNormalization, LpNormalization, LRN.</summary>
internal static class Normalizations
{
    [Operator("LayerNormalization")]
    public static Kernel LayerNormalization(NodeContext node)
    {
        long first = node.Node.Int("axis", -1);
        double epsilon = node.Number("epsilon", 1e-5);
        int x = node.Input(0), scale = node.Input(1), bias = node.OptionalInput(2);
        bool moments = node.OptionalOutput(1) >= 0 || node.OptionalOutput(2) >= 0;
        return Scoped.Several(node, frame =>
        {
            var input = frame[x];
            int axis = RuntimeShape.Axis(first, input.dim());
            long[] sizes = input.shape[axis..];
            Tensor Whole(Tensor part) => part.shape.AsSpan().SequenceEqual(sizes) ? part : part.expand(sizes);
            var y = layer_norm(input, sizes, Whole(frame[scale]), frame.Optional(bias) is { } b ? Whole(b) : null, epsilon);
            if (!moments)
            {
                return [y, y, y];
            }

            long[] axes = [.. Enumerable.Range(axis, sizes.Length)];
            var mean = input.mean(axes, keepdim: true);
            var centred = input.sub(mean);
            return [y, mean, centred.mul(centred).mean(axes, keepdim: true).Plus(Number.Of(epsilon)).rsqrt()];
        });
    }

    [Operator("InstanceNormalization")]
    public static Kernel InstanceNormalization(NodeContext node)
    {
        double epsilon = node.Number("epsilon", 1e-5);
        int x = node.Input(0), scale = node.Input(1), bias = node.Input(2), y = node.Output(0);
        return frame => frame[y] = group_norm(frame[x], RuntimeShape.Channels(frame[x]), frame[scale], frame[bias], epsilon);
    }

    /// <summary>Scale and bias are of groups in opset 18, of channels from 21.</summary>
    [Operator("GroupNormalization", Note = "scales of groups in opset 18 to 20, of channels from 21")]
    public static Kernel GroupNormalization(NodeContext node)
    {
        double epsilon = node.Number("epsilon", 1e-5);
        long groups = node.Node.Int("num_groups", 0);
        if (groups < 1)
        {
            throw node.Refuse("it needs num_groups of 1 or more.");
        }

        int x = node.Input(0), scale = node.Input(1), bias = node.Input(2);
        bool ofGroups = node.Opset < 21;
        return Scoped.One(node, frame =>
        {
            long channels = RuntimeShape.Channels(frame[x]);
            Tensor Whole(Tensor part) => ofGroups ? part.unsqueeze(1).expand(groups, channels / groups).reshape(channels) : part;
            return group_norm(frame[x], groups, Whole(frame[scale]), Whole(frame[bias]), epsilon);
        });
    }

    [Operator("MeanVarianceNormalization")]
    public static Kernel MeanVarianceNormalization(NodeContext node)
    {
        long[] axes = node.Node.Ints("axes")?.ToArray() ?? [0, 2, 3];
        return Activations.ScopedUnary(node, x =>
        {
            var centred = x.sub(x.mean(axes, keepdim: true));
            return centred.div(centred.mul(centred).mean(axes, keepdim: true).sqrt().Plus(Number.Of(1e-9)));
        });
    }

    [Operator("LpNormalization")]
    public static Kernel LpNormalization(NodeContext node)
    {
        long axis = node.Node.Int("axis", -1), p = node.Node.Int("p", 2);
        return Activations.ScopedUnary(node, x => x.div(Norms.Of(x, p, [RuntimeShape.Axis(axis, x.dim())], keep: true)));
    }

    [Operator("LRN")]
    public static Kernel LocalResponse(NodeContext node)
    {
        long size = node.Node.Int("size", 0);
        double alpha = node.Number("alpha", 0.0001), beta = node.Number("beta", 0.75), bias = node.Number("bias", 1);
        if (size is < 1 or > 1_000_000)
        {
            throw node.Refuse($"a size of {size} channels is none.");
        }

        return Activations.ScopedUnary(node, x =>
        {
            int rest = (int)x.dim() - 2;
            long before = (size - 1) / 2;
            var padded = Pads.Around(x.mul(x), [before, .. new long[rest]], [size - 1 - before, .. new long[rest]], 0);
            var sums = padded.unfold(1, size, 1).sum(-1);
            return x.div(sums.mul(Number.Of(alpha / size)).Plus(Number.Of(bias)).pow(Number.Of(beta)));
        });
    }
}
