using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Dropout, with masks from the run's own generator.</summary>
internal static class Dropouts
{
    [Operator("Dropout", Note = "follows the executor's mode; a node whose `training_mode` is true always drops")]
    public static Kernel Dropout(NodeContext node)
    {
        bool inputs = node.Opset >= 12;
        double fixedRatio = (inputs ? node.ConstantNumber(1) : node.Number("ratio", 0.5)) ?? 0.5;
        int x = node.Input(0), ratio = inputs && node.ConstantNumber(1) is null ? node.OptionalInput(1) : -1;
        int trains = inputs && !node.IsConstantFalse(2) ? node.OptionalInput(2) : -1;

        // Up to opset 9 the mask has the type of the data.
        bool numbers = node.Opset < 10;
        return Scoped.Several(node, frame =>
        {
            var value = frame[x];
            double share = ratio < 0 ? fixedRatio : RuntimeShape.ReadNumber(frame[ratio]);
            if (share is < 0 or >= 1 or double.NaN)
            {
                throw new ArgumentException($"a ratio of {share} is none; 0 to below 1 is.");
            }

            bool drops = share > 0 && (frame.Training || (trains >= 0 && RuntimeShape.ReadNumber(frame[trains]) != 0));
            if (!drops)
            {
                return node.OutputCount == 1 ? [value] : [value, ones_like(value, numbers ? value.dtype : ScalarType.Bool)];
            }

            var mask = empty_like(value).bernoulli_(1 - share, frame.Generator);
            var kept = value.mul(mask.div(Number.Of(1 - share)));
            return node.OutputCount == 1 ? [kept] : [kept, numbers ? mask : mask.to(ScalarType.Bool)];
        });
    }
}
