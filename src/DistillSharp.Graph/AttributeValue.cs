namespace DistillSharp.Graph;

/// <summary>An attribute of a node: a number, a text, a tensor, or a list of them.</summary>
/// <remarks>A kind this library does not look into (a subgraph, a sparse tensor) is kept as <see cref="OpaqueValue"/> and written back unchanged.</remarks>
public abstract record AttributeValue
{
    /// <summary>What the file says of the attribute besides its value (documentation), kept for writing it back. Empty if nothing.</summary>
    internal ReadOnlyMemory<byte> Unshown { get; init; }
}

/// <summary>An integer.</summary>
/// <param name="Value">The number.</param>
public sealed record IntValue(long Value) : AttributeValue;

/// <summary>A float.</summary>
/// <param name="Value">The number.</param>
public sealed record FloatValue(float Value) : AttributeValue;

/// <summary>A text (ONNX stores bytes; they are read as UTF-8).</summary>
/// <param name="Value">The text.</param>
public sealed record TextValue(string Value) : AttributeValue;

/// <summary>A list of integers.</summary>
/// <param name="Values">The numbers.</param>
public sealed record IntsValue(IReadOnlyList<long> Values) : AttributeValue;

/// <summary>A list of floats.</summary>
/// <param name="Values">The numbers.</param>
public sealed record FloatsValue(IReadOnlyList<float> Values) : AttributeValue;

/// <summary>A list of texts.</summary>
/// <param name="Values">The texts.</param>
public sealed record TextsValue(IReadOnlyList<string> Values) : AttributeValue;

/// <summary>A constant tensor.</summary>
/// <param name="Value">The tensor.</param>
public sealed record TensorValue(TensorData Value) : AttributeValue;

/// <summary>A kind that is kept but not looked into.</summary>
/// <param name="Kind">What it is, for messages: <c>graph</c>, <c>sparse tensor</c>, …</param>
/// <param name="Serialized">The attribute as the file had it.</param>
public sealed record OpaqueValue(string Kind, ReadOnlyMemory<byte> Serialized) : AttributeValue;
