using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Dropout, with masks from the run's own generator.</summary>
internal static class Dropouts
{
    [Operator("Dropout")]
    public static Kernel Dropout(NodeContext node)
    {
        if (node.OutputCount > 1)
        {
            throw node.Refuse("its second output (the mask) is not covered.");
        }

        if (node.Node.InputOrNull(2) is not null && !node.IsConstantFalse(2))
        {
            throw node.Refuse("training_mode that is true or computed is not covered; the executor has a mode of its own.");
        }

        double ratio = (node.Opset >= 12 ? node.ConstantNumber(1) : node.Number("ratio", 0.5)) ?? 0.5;
        int x = node.Input(0), y = node.Output(0);
        return frame =>
        {
            if (!frame.Training || ratio == 0)
            {
                frame[y] = frame[x].alias();
                return;
            }

            using var mask = empty_like(frame[x]);
            mask.bernoulli_(1 - ratio, frame.Generator).div_(1 - ratio);
            frame[y] = frame[x].mul(mask);
        };
    }
}
