namespace DistillSharp.Graph.Format;

/// <summary>Before operator set 7 an attribute told whether the second input is broadcast, and another one the axis of the first it begins at.</summary>
internal static class OldBroadcasting
{
    /// <summary>Add, And, Div, Equal, Greater, Less, Mul, Or, Pow, Sub, Xor.</summary>
    public static void Binary(OldNode old)
    {
        bool broadcast = old.Node.Int("broadcast", 0) != 0, placed = old.Node.Attributes.ContainsKey("axis");
        long axis = old.Node.Int("axis", 0);
        old.Node.Attributes.Remove("broadcast");
        old.Node.Attributes.Remove("axis");
        if (!broadcast || !placed || old.RankOf(1) == 0)
        {
            return;
        }

        if (old.RankOf(0) is not { } whole || old.RankOf(1) is not { } part)
        {
            throw old.Refuse($"its second input begins at axis {axis} of the first, whose number of axes the file does not tell");
        }

        // Broadcasting since aligns last axes; what does not reach them gets axes of size 1 behind.
        long behind = whole - (axis < 0 ? axis + whole : axis) - part;
        if (behind is < 0 or > 64)
        {
            throw old.Refuse($"its second input of {part} axes does not fit at axis {axis} of {whole}");
        }

        if (behind > 0)
        {
            old.Widen(1, part, (int)behind);
        }
    }

    /// <summary>PRelu's slopes were one for each channel.</summary>
    public static void Slope(OldNode old)
    {
        if (old.ConstantShape(1) is { } shape && shape.All(size => size == 1))
        {
            return;
        }

        if (old.RankOf(1) is not { } own || (own == 1 && old.RankOf(0) is null))
        {
            throw old.Refuse("its slopes are one for each channel, and the file does not tell the number of axes");
        }

        if (own == 1 && old.RankOf(0) is > 2 and < 64 and { } whole)
        {
            old.Widen(1, own, whole - 2);
        }
    }
}
