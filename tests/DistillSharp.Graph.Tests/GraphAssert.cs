namespace DistillSharp.Graph.Tests;

/// <summary>Compares graphs in everything they hold.</summary>
internal static class GraphAssert
{
    public static void Equal(ModelGraph expected, ModelGraph actual)
    {
        Assert.Equal(expected.Name, actual.Name);
        Assert.Equal(expected.Opset, actual.Opset);
        Assert.Equal(expected.OtherOpsets, actual.OtherOpsets);
        Assert.Equal(expected.Metadata, actual.Metadata);
        Assert.Equal(expected.Inputs.Select(Describe), actual.Inputs.Select(Describe));
        Assert.Equal(expected.Outputs.Select(Describe), actual.Outputs.Select(Describe));
        Assert.Equal(Sorted(expected.KnownValues), Sorted(actual.KnownValues));
        Assert.Equal(expected.Initializers.Select(Describe), actual.Initializers.Select(Describe));
        foreach (var (a, b) in expected.Initializers.Zip(actual.Initializers))
        {
            Assert.True(a.Data.Bytes.SequenceEqual(b.Data.Bytes), $"The elements of '{a.Name}' differ.");
        }

        Assert.Equal(expected.Nodes.Select(Describe), actual.Nodes.Select(Describe));
    }

    private static IEnumerable<string> Sorted(IDictionary<string, GraphValue> values) => values.Values.Select(Describe).Order(StringComparer.Ordinal);

    private static string Describe(GraphValue value) =>
        $"{value} symbols {string.Join(",", value.Shape?.Select(dimension => dimension.Symbol ?? "-") ?? [])} {(value.Declaration is { } bytes ? Convert.ToHexString(bytes.Span) : "")}";

    private static string Describe(Initializer initializer) => $"{initializer} trainable {initializer.Trainable} drawn {initializer.Initialization}";

    private static string Describe(GraphNode node) =>
        $"{node.Domain}::{node.Operation}:{node.Overload} '{node.Name}' ({string.Join(", ", node.Inputs)}) -> ({string.Join(", ", node.Outputs)}) "
        + string.Join("; ", node.Attributes.Select(pair => $"{pair.Key} = {Describe(pair.Value)}")) + " | " + string.Join("; ", node.Metadata.Select(pair => $"{pair.Key} = {pair.Value}"));

    private static string Describe(AttributeValue value) => value switch
    {
        IntsValue ints => $"ints [{string.Join(", ", ints.Values)}]",
        FloatsValue floats => $"floats [{string.Join(", ", floats.Values.Select(number => BitConverter.SingleToInt32Bits(number)))}]",
        FloatValue number => $"float {BitConverter.SingleToInt32Bits(number.Value)}",
        TextsValue texts => $"texts [{string.Join("|", texts.Values)}]",
        TensorValue tensor => $"tensor {tensor.Value.Type} [{string.Join(", ", tensor.Value.Shape)}] {Convert.ToHexString(tensor.Value.Bytes)}",
        OpaqueValue opaque => $"{opaque.Kind} {Convert.ToHexString(opaque.Serialized.Span)}",
        _ => value.ToString()!,
    };
}
