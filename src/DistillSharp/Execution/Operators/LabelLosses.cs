using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss, of <c>[N, C, D1, …]</c> against classes <c>[N, D1, …]</c>.</summary>
internal static class LabelLosses
{
    [Operator("NegativeLogLikelihoodLoss")]
    public static Kernel LogLikelihood(NodeContext node)
    {
        var loss = Of(node);
        int x = node.Input(0);
        return Scoped.One(node, frame => loss(frame, frame[x]));
    }

    [Operator("SoftmaxCrossEntropyLoss")]
    public static Kernel CrossEntropy(NodeContext node)
    {
        var loss = Of(node);
        int x = node.Input(0);
        return Scoped.Several(node, frame =>
        {
            _ = RuntimeShape.Channels(frame[x]);
            var logarithms = frame[x].log_softmax(1);
            return [loss(frame, logarithms), logarithms];
        });
    }

    private static Func<Frame, Tensor, Tensor> Of(NodeContext node)
    {
        string reduction = node.Node.Text("reduction", "mean");
        if (reduction is not ("mean" or "sum" or "none"))
        {
            throw node.Refuse($"the reduction '{reduction}' is not known; none, sum and mean are.");
        }

        long? ignored = node.Node.Attributes.ContainsKey("ignore_index") ? node.Node.Int("ignore_index", 0) : null;
        int labels = node.Input(1), weights = node.OptionalInput(2);
        return (frame, logarithms) => Compute(logarithms, frame.Beside(frame[labels], logarithms).to(ScalarType.Int64), frame.Optional(weights), ignored, reduction);
    }

    private static Tensor Compute(Tensor x, Tensor labels, Tensor? weights, long? ignored, string reduction)
    {
        long classes = RuntimeShape.Channels(x);
        if (!labels.shape.AsSpan().SequenceEqual([x.shape[0], .. x.shape[2..]]) || (weights is not null && !weights.shape.AsSpan().SequenceEqual([classes])))
        {
            throw new ArgumentException($"classes [{string.Join(", ", labels.shape)}] and weights [{string.Join(", ", weights?.shape ?? [])}] do not fit [{string.Join(", ", x.shape)}].");
        }

        // A class that is ignored need not exist: another stands in for it, with the weight of none.
        var kept = ignored is { } none ? labels.ne(Number.Of(none)) : null;
        var places = kept is null ? labels : where(kept, labels, zeros_like(labels));
        if (places.numel() > 0 && (places.min().ToInt64() < 0 || places.max().ToInt64() >= classes))
        {
            throw new ArgumentException($"a class is outside 0 to {classes - 1}.");
        }

        var losses = x.gather(1, places.unsqueeze(1)).squeeze(1).neg();
        var shares = weights?.index_select(0, places.reshape(-1)).reshape(places.shape);
        if (kept is not null)
        {
            losses = where(kept, losses, zeros_like(losses));
            shares = shares is null ? kept.to(x.dtype) : shares.mul(kept.to(x.dtype));
        }

        var weighted = shares is null ? losses : losses.mul(shares);
        return reduction switch
        {
            "none" => weighted,
            "sum" => weighted.sum(),
            _ => shares is null ? weighted.mean() : weighted.sum().div(shares.sum()),
        };
    }
}
