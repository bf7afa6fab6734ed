using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Clip.</summary>
internal static class Clips
{
    [Operator("Clip")]
    public static Kernel Clip(NodeContext node)
    {
        int x = node.Input(0), y = node.Output(0);

        // Up to opset 10 the bounds are attributes.
        bool inputs = node.Opset >= 11;
        int lowest = inputs ? node.OptionalInput(1) : -1, highest = inputs ? node.OptionalInput(2) : -1;
        double? low = inputs ? node.ConstantNumber(1) : node.NumberOrNull("min"), high = inputs ? node.ConstantNumber(2) : node.NumberOrNull("max");
        if ((lowest >= 0 && low is null) || (highest >= 0 && high is null))
        {
            return Scoped.One(node, frame => Clamp(frame, frame[x], frame.Optional(lowest), frame.Optional(highest)));
        }

        if (low is null && high is null)
        {
            return frame => frame[y] = frame[x].alias();
        }

        Scalar? min = low is { } l ? Number.Kept(l) : null, max = high is { } h ? Number.Kept(h) : null;
        return frame => frame[y] = frame[x].clamp(min, max);
    }

    private static Tensor Clamp(Frame frame, Tensor value, Tensor? low, Tensor? high)
    {
        // Where the bounds are crossed the upper one holds. A number on a bound is the number, not the bound, so that its gradient is whole.
        var raised = value;
        if (low is not null)
        {
            var bound = frame.Beside(low, value).reshape([]);
            raised = where(value.lt(bound), bound, value);
        }

        if (high is null)
        {
            return raised;
        }

        var top = frame.Beside(high, value).reshape([]);
        return where(raised.gt(top), top, raised);
    }
}
