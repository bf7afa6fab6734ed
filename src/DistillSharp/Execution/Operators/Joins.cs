using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Concat and Split.</summary>
internal static class Joins
{
    [Operator("Concat")]
    public static Kernel Concat(NodeContext node)
    {
        long axis = node.Node.Int("axis", 0);
        int[] inputs = [.. Enumerable.Range(0, node.InputCount).Select(node.Input)];
        int y = node.Output(0);
        var general = Scoped.One(node, frame =>
        {
            var device = inputs.Select(slot => frame[slot]).FirstOrDefault(value => value.device_type != TorchSharp.DeviceType.CPU) ?? frame[inputs[0]];
            return cat([.. inputs.Select(slot => frame.Beside(frame[slot], device))], axis);
        });
        return frame =>
        {
            if (frame.OnHost)
            {
                frame[y] = cat([.. inputs.Select(slot => frame[slot])], axis);
            }
            else
            {
                general(frame);
            }
        };
    }

    [Operator("Split")]
    public static Kernel Split(NodeContext node)
    {
        long axis = node.Node.Int("axis", 0);
        var sizes = node.Integers("split", 1, since: 13);
        int x = node.Input(0);
        int[] outputs = [.. Enumerable.Range(0, node.OutputCount).Select(node.OptionalOutput)];
        return frame =>
        {
            var value = frame[x];
            int along = RuntimeShape.Axis(axis, value.dim());
            long total = value.shape[along], each = (total + outputs.Length - 1) / outputs.Length, start = 0;
            long[]? given = sizes(frame);
            if (given is not null && (given.Length != outputs.Length || given.Any(size => size < 0) || given.Sum() != total))
            {
                throw new ArgumentException($"the sizes [{string.Join(", ", given)}] do not split {total} into {outputs.Length}.");
            }

            for (int i = 0; i < outputs.Length; i++)
            {
                long size = given?[i] ?? Math.Max(0, Math.Min(each, total - start));
                if (outputs[i] >= 0)
                {
                    frame[outputs[i]] = value.narrow(along, start, size);
                }

                start += size;
            }
        };
    }
}
