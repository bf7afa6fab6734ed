using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Execution.Operators;

/// <summary>Conv.</summary>
internal static class Convolutions
{
    [Operator("Conv")]
    public static Kernel Conv(NodeContext node)
    {
        var window = Window.Of(node);
        long groups = node.Node.Int("group", 1);
        int x = node.Input(0), weight = node.Input(1), bias = node.OptionalInput(2), y = node.Output(0);
        return frame => frame[y] = conv2d(frame[x], frame[weight], frame.Optional(bias), window.Strides, window.Padding, window.Dilations, groups);
    }
}
