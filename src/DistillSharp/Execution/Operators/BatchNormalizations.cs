using DistillSharp.Graph;
using DistillSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Execution.Operators;

/// <summary>BatchNormalization: a mode of the executor, except where the node itself says that it trains.</summary>
internal static class BatchNormalizations
{
    [Operator("BatchNormalization", Note = "follows the executor's mode and PyTorch's statistics, evaluates where it is frozen, ONNX's own where the node says `training_mode = 1`")]
    public static Kernel BatchNormalization(NodeContext node)
    {
        // Before opset 14, further outputs say that the node trains.
        bool trains = node.Opset >= 14 ? node.Node.Int("training_mode", 0) != 0 : Enumerable.Range(1, Math.Max(0, node.OutputCount - 1)).Any(i => node.OptionalOutput(i) >= 0);
        double kept = node.Number("momentum", 0.9), epsilon = node.Number("epsilon", 1e-5);
        int x = node.Input(0), scale = node.Input(1), bias = node.Input(2), mean = node.Input(3), variance = node.Input(4), y = node.Output(0);
        if (trains)
        {
            return Scoped.Several(node, frame => Training(frame[x], frame[scale], frame[bias], frame[mean], frame[variance], kept, epsilon));
        }

        if (node.Opset < 9 && node.Node.Int("spatial", 1) == 0)
        {
            return Scoped.One(node, frame => frame[x].sub(frame[mean]).mul(frame[variance].Plus(Number.Of(epsilon)).rsqrt()).mul(frame[scale]).Plus(frame[bias]));
        }

        // ONNX keeps the share of the old statistics, torch the share of the new ones. Statistics that are computed are nobody's to move.
        double momentum = 1 - kept;
        bool moves = node.IsConstant(3) && node.IsConstant(4), frozen = node.IsFrozenNorm;
        return frame =>
        {
            bool batches = frame.Training && !frozen;
            if (batches && !frame.AllowSingleValues)
            {
                RequireSeveral(frame[x], node.Node);
            }

            frame[y] = batches && !moves
                ? batch_norm(frame[x], null!, null!, frame[scale], frame[bias], true, momentum, epsilon)
                : batch_norm(frame[x], frame[mean], frame[variance], frame[scale], frame[bias], batches, frame.BatchShare ?? momentum, epsilon);
        };
    }

    /// <summary>Refuses batch statistics of one value for each channel: their variance is 0, and its unbiased form is NaN.</summary>
    /// <param name="x">What is normalized, channels second.</param>
    /// <param name="node">The norm.</param>
    /// <exception cref="GraphException">There is one value for each channel; the message names the norm.</exception>
    internal static void RequireSeveral(Tensor x, GraphNode node)
    {
        if (x.dim() >= 2 && x.NumberOfElements == x.size(1))
        {
            throw new GraphException(
                $"{node} cannot train on one value per channel: its input is [{string.Join(", ", x.shape)}], and batch normalization needs two or more. Use a batch of 2 or more images, or larger images.");
        }
    }

    /// <summary>ONNX's own training: the batch's statistics (the variance divides by the count), and the running ones moved towards them.</summary>
    private static Tensor[] Training(Tensor x, Tensor scale, Tensor bias, Tensor mean, Tensor variance, double kept, double epsilon)
    {
        long[] shape = RuntimeShape.Along(x.dim(), 1, RuntimeShape.Channels(x)), axes = [0, .. Enumerable.Range(2, (int)x.dim() - 2)];
        var batchMean = x.mean(axes);
        var centred = x.sub(batchMean.reshape(shape));
        var batchVariance = centred.mul(centred).mean(axes);
        var factor = batchVariance.Plus(Number.Of(epsilon)).rsqrt().mul(scale);
        var y = centred.mul(factor.reshape(shape)).Plus(bias.reshape(shape));
        return
        [
            y, mean.mul(Number.Of(kept)).Plus(batchMean.mul(Number.Of(1 - kept))), variance.mul(Number.Of(kept)).Plus(batchVariance.mul(Number.Of(1 - kept))), batchMean, batchVariance,
        ];
    }
}
