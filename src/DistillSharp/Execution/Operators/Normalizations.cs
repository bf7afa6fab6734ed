using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Execution.Operators;

/// <summary>BatchNormalization.</summary>
internal static class Normalizations
{
    [Operator("BatchNormalization")]
    public static Kernel BatchNormalization(NodeContext node)
    {
        if (node.Node.Int("training_mode", 0) != 0)
        {
            throw node.Refuse("training_mode 1 is not covered; files are written in inference form, and the executor has a mode of its own.");
        }

        // ONNX keeps the share of the old statistics, torch the share of the new ones.
        double momentum = 1 - node.Number("momentum", 0.9), epsilon = node.Number("epsilon", 1e-5);
        int x = node.Input(0), scale = node.Input(1), bias = node.Input(2), mean = node.Input(3), variance = node.Input(4), y = node.Output(0);
        return frame => frame[y] = batch_norm(frame[x], frame[mean], frame[variance], frame[scale], frame[bias], frame.Training, momentum, epsilon);
    }
}
