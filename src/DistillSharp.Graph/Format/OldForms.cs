namespace DistillSharp.Graph.Format;

/// <summary>Operators whose attributes or inputs had another form before operator set 7.</summary>
internal static class OldForms
{
    private static readonly Dictionary<string, ElementType> s_types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["FLOAT"] = ElementType.Float32,
        ["UINT8"] = ElementType.UInt8,
        ["INT8"] = ElementType.Int8,
        ["UINT16"] = ElementType.UInt16,
        ["INT16"] = ElementType.Int16,
        ["INT32"] = ElementType.Int32,
        ["INT64"] = ElementType.Int64,
        ["BOOL"] = ElementType.Bool,
        ["FLOAT16"] = ElementType.Float16,
        ["DOUBLE"] = ElementType.Float64,
        ["UINT32"] = ElementType.UInt32,
        ["UINT64"] = ElementType.UInt64,
    };

    /// <summary>Up to set 5 the type was a text.</summary>
    public static void Cast(OldNode old)
    {
        if (old.Node.Attributes.TryGetValue("to", out var to) && to is TextValue text)
        {
            old.Node.Attributes["to"] = new IntValue((long)(s_types.TryGetValue(text.Value, out var type) ? type : throw old.Refuse($"'{text.Value}' is no type")));
        }
    }

    /// <summary>Up to set 3 the axis was 1 where none was named.</summary>
    public static void Concat(OldNode old) => old.Node.Attributes.TryAdd("axis", new IntValue(1));

    /// <summary>In set 1 the power was a float.</summary>
    public static void Power(OldNode old)
    {
        if (old.Node.Attributes.TryGetValue("p", out var p) && p is FloatValue power)
        {
            old.Node.Attributes["p"] = new IntValue(power.Value == MathF.Floor(power.Value) && power.Value is >= 1 and <= 64 ? (long)power.Value : throw old.Refuse($"its power is {power.Value}"));
        }
    }

    /// <summary>In set 1 pads were called paddings.</summary>
    public static void Pad(OldNode old)
    {
        if (old.Node.Attributes.Remove("paddings", out var paddings))
        {
            old.Node.Attributes["pads"] = paddings;
        }
    }

    /// <summary>Up to set 4 the shape was an attribute.</summary>
    public static void Reshape(OldNode old)
    {
        if (old.Node.Ints("shape") is { } shape)
        {
            old.Node.Attributes.Remove("shape");
            old.AddInput("shape", shape);
        }
    }

    /// <summary>In set 1 the sizes could be an input.</summary>
    public static void Split(OldNode old)
    {
        if (old.Node.InputOrNull(1) is not { } name)
        {
            return;
        }

        old.Node.Attributes["split"] = new IntsValue(old.Graph.FindInitializer(name)?.Data is { Type: ElementType.Int64 } sizes
            ? sizes.AsSpan<long>().ToArray() : throw old.Refuse("its sizes are computed"));
        old.Node.Inputs.RemoveAt(1);
    }

    /// <summary>Up to set 5 one axis was repeated, a number of times.</summary>
    public static void Tile(OldNode old)
    {
        if (old.Opset < 6)
        {
            throw old.Refuse("it repeats one axis");
        }
    }

    /// <summary>In set 1 rows and columns had a scale each.</summary>
    public static void Upsample(OldNode old)
    {
        if (!old.Node.Attributes.ContainsKey("scales"))
        {
            old.Node.Attributes["scales"] = new FloatsValue([1, 1, old.Node.Float("height_scale", 1), old.Node.Float("width_scale", 1)]);
            old.Node.Attributes.Remove("height_scale");
            old.Node.Attributes.Remove("width_scale");
        }
    }
}
