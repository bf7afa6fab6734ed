namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>What ONNX publishes of one version of an operator.</summary>
/// <param name="Operation">The operator.</param>
/// <param name="Since">The operator set of this version.</param>
/// <param name="Inputs">How few and how many inputs.</param>
/// <param name="Outputs">How few and how many outputs.</param>
/// <param name="Attributes">The attributes by name.</param>
internal sealed record OperatorSchema(string Operation, int Since, (int Least, int Most) Inputs, (int Least, int Most) Outputs, IReadOnlyDictionary<string, AttributeSchema> Attributes)
{
    /// <summary>Reads a line of <see cref="OperatorSchemas"/>: <c>Conv@1 2-3 1 group:i kernel_shape:is</c>.</summary>
    public static OperatorSchema Parse(string line)
    {
        string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries), name = parts[0].Split('@');
        var attributes = parts.Skip(3).Select(part => part.Split(':')).ToDictionary(pair => pair[0], pair => new AttributeSchema(pair[1].TrimEnd('!'), pair[1].EndsWith('!')), StringComparer.Ordinal);
        return new(name[0], int.Parse(name[1], System.Globalization.CultureInfo.InvariantCulture), Range(parts[1]), Range(parts[2]), attributes);
    }

    private static (int Least, int Most) Range(string text)
    {
        string[] ends = text.Split('-');
        int least = int.Parse(ends[0], System.Globalization.CultureInfo.InvariantCulture);
        return (least, ends.Length == 1 ? least : ends[1] == "*" ? int.MaxValue : int.Parse(ends[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}

/// <summary>What ONNX publishes of an attribute.</summary>
/// <param name="Kind">Its kind: <c>i</c>, <c>f</c>, <c>s</c>, <c>t</c>, <c>g</c>, <c>tp</c> for a type, and <c>is</c>, <c>fs</c>, <c>ss</c> for lists.</param>
/// <param name="Required">Whether a node must have it.</param>
internal sealed record AttributeSchema(string Kind, bool Required)
{
    /// <summary>The kind in words.</summary>
    public string Words => Kind switch { "i" => "an integer", "f" => "a float", "s" => "a text", "t" => "a tensor", "g" => "a graph", "is" => "a list of integers", "fs" => "a list of floats", "tp" => "a type", _ => "a list of texts" };

    /// <summary>Whether a value is of the kind. What is not looked into may be; an attribute that refers to a function's own is.</summary>
    public bool Fits(AttributeValue value) => (Kind, value) switch
    {
        (_, OpaqueValue { Kind: "reference" }) => true,
        ("i", IntValue) or ("f", FloatValue) or ("s", TextValue) or ("t", TensorValue) or ("is", IntsValue) or ("fs", FloatsValue) or ("ss", TextsValue) => true,
        ("g", OpaqueValue { Kind: "graph" }) or ("t", OpaqueValue { Kind: "tensor" or "sparsetensor" }) or ("s", OpaqueValue { Kind: "string" }) or ("ss", OpaqueValue { Kind: "strings" }) or ("tp", OpaqueValue { Kind: "typeproto" }) => true,
        _ => false,
    };
}
