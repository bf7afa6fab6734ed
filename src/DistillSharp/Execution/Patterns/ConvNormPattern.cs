using DistillSharp.Execution.Operators;
using DistillSharp.Graph;
using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Patterns;

/// <summary>A convolution and the norm after it: in evaluation the norm is folded into the filters, a pass over them instead of one over the map.</summary>
internal static class ConvNormPattern
{
    /// <summary>The name of the node in messages.</summary>
    public const string Operation = "ConvNorm";

    /// <summary>Finds the pattern at its norm.</summary>
    public static (PlannedNode Fused, GraphNode First)? Find(GraphNode node, ModelGraph graph, ValueSlots slots)
    {
        if (node is not { Domain: "", Operation: "BatchNormalization", Inputs: [var between, _, _, _, _], Outputs: [{ Length: > 0 }] } norm || graph.Opset < 9 || norm.Int("training_mode", 0) != 0
            || slots.ProducerOf(between) is not { Domain: "", Operation: "Conv" } conv || slots.ReaderCount(between) != 1 || slots.IsWanted(between)
            || graph.FindInitializer(conv.InputOrNull(1))?.Data is not { Shape: [var channels, ..] }
            || norm.Inputs.Skip(1).Any(name => graph.FindInitializer(name)?.Data is not { Shape: [var size] } || size != channels))
        {
            return null;
        }

        // Input, filters, bias (perhaps none), then scale, shift, mean and variance.
        string[] inputs = [conv.Inputs[0], conv.Inputs[1], conv.InputOrNull(2) ?? "", .. norm.Inputs.Skip(1)];
        return (PlannedNode.Fused(Operation, inputs, norm, context => Compile(context, context.As(conv), context.As(norm))), conv);
    }

    private static Kernel Compile(NodeContext context, NodeContext conv, NodeContext norm)
    {
        var convolve = Convolutions.Compile(conv);
        bool frozen = norm.IsFrozenNorm;
        double momentum = 1 - norm.Number("momentum", 0.9), epsilon = norm.Number("epsilon", 1e-5);
        int x = context.Input(0), weight = context.Input(1), bias = context.OptionalInput(2);
        int scale = context.Input(3), shift = context.Input(4), mean = context.Input(5), variance = context.Input(6), y = context.Output(0);
        return frame =>
        {
            if (frame.Training)
            {
                using var map = convolve(frame[x], frame[weight], frame.Optional(bias));
                if (!frozen && !frame.AllowSingleValues)
                {
                    BatchNormalizations.RequireSeveral(map, norm.Node);
                }

                frame[y] = nn.functional.batch_norm(map, frame[mean], frame[variance], frame[scale], frame[shift], !frozen, frame.BatchShare ?? momentum, epsilon);
                return;
            }

            using var scope = NewDisposeScope();
            Tensor filters = frame[weight], factor = frame[variance].Plus(Number.Of(epsilon)).rsqrt_().mul_(frame[scale]);
            var moved = frame.Optional(bias) is { } own ? own.sub(frame[mean]) : frame[mean].neg();
            long[] along = RuntimeShape.Along(filters.dim(), 0, filters.shape[0]);
            frame[y] = convolve(frame[x], filters.mul(factor.reshape(along)), moved.mul_(factor).add_(frame[shift], Number.One)).MoveToOuterDisposeScope();
        };
    }
}
