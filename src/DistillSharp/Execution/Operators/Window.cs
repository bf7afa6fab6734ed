namespace DistillSharp.Execution.Operators;

/// <summary>The sliding window of convolutions and poolings over <c>[N, C, H, W]</c>.</summary>
/// <param name="Strides">Rows and columns between positions.</param>
/// <param name="Padding">Rows and columns added on either side.</param>
/// <param name="Dilations">Rows and columns between elements of the window.</param>
internal sealed record Window(long[] Strides, long[] Padding, long[] Dilations)
{
    public static Window Of(NodeContext node)
    {
        string autoPad = node.Node.Text("auto_pad", "NOTSET");
        if (autoPad is not ("NOTSET" or "VALID"))
        {
            throw node.Refuse($"auto_pad {autoPad} is not covered; explicit pads are.");
        }

        long[] strides = Pair(node, "strides"), dilations = Pair(node, "dilations");
        var pads = node.Node.Ints("pads") ?? [0, 0, 0, 0];
        if (pads.Count != 4 || pads[0] != pads[2] || pads[1] != pads[3])
        {
            throw node.Refuse($"pads [{string.Join(", ", pads)}] are not covered; four symmetric ones (2-D) are.");
        }

        return new(strides, [pads[0], pads[1]], dilations);
    }

    private static long[] Pair(NodeContext node, string name)
    {
        var values = node.Node.Ints(name) ?? [1, 1];
        return values.Count == 2 ? [.. values] : throw node.Refuse($"{name} [{string.Join(", ", values)}] are not covered; two of them (2-D) are.");
    }
}
