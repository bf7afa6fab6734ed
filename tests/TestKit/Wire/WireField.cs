namespace DistillSharp.TestKit.Wire;

/// <summary>One field of a protobuf message as it lies on the wire: a number, fixed bytes, a payload, or a message within.</summary>
public sealed class WireField
{
    /// <summary>The field's number.</summary>
    public int Number { get; set; }

    /// <summary>0 a varint, 1 eight bytes, 2 a payload with its length, 5 four bytes.</summary>
    public int Kind { get; set; }

    /// <summary>The varint's value.</summary>
    public ulong Value { get; set; }

    /// <summary>The bytes of kinds 1, 2 and 5; where <see cref="Inner"/> is set they are not used.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>The payload read as a message; null where it is none, or was not looked into.</summary>
    public WireMessage? Inner { get; set; }

    /// <summary>A length written in the place of the true one.</summary>
    public ulong? FalseLength { get; set; }

    /// <summary>A copy that can be changed without changing this field.</summary>
    public WireField Clone() => new() { Number = Number, Kind = Kind, Value = Value, Bytes = [.. Bytes], Inner = Inner?.Clone(), FalseLength = FalseLength };
}
