namespace DistillSharp.TestKit.Wire;

/// <summary>A protobuf message as fields on the wire, read without knowing what they mean: to damage files, and to write ones that no exporter would.</summary>
public sealed class WireMessage
{
    private const int MaxDepth = 12;

    /// <summary>The fields in order.</summary>
    public List<WireField> Fields { get; } = [];

    /// <summary>Reads a message.</summary>
    /// <param name="bytes">The whole of it.</param>
    /// <returns>The message, or null if the bytes are none.</returns>
    public static WireMessage? Read(ReadOnlySpan<byte> bytes) => Read(bytes, 0);

    /// <summary>The fields of a number, in order.</summary>
    /// <param name="number">The number.</param>
    public IEnumerable<WireField> All(int number) => Fields.Where(field => field.Number == number);

    /// <summary>The message within the first field of a number.</summary>
    /// <param name="number">The number.</param>
    public WireMessage In(int number) => All(number).First().Inner!;

    /// <summary>Every field, those within others included.</summary>
    public IEnumerable<(WireMessage Owner, WireField Field)> Everything() => Fields.SelectMany(field => (field.Inner?.Everything() ?? []).Prepend((this, field)));

    /// <summary>A copy that can be changed without changing this message.</summary>
    public WireMessage Clone()
    {
        var copy = new WireMessage();
        copy.Fields.AddRange(Fields.Select(field => field.Clone()));
        return copy;
    }

    /// <summary>The bytes.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        foreach (var field in Fields)
        {
            Varint(stream, ((ulong)(uint)field.Number << 3) | (uint)field.Kind);
            if (field.Kind == 0)
            {
                Varint(stream, field.Value);
                continue;
            }

            byte[] payload = field.Inner?.ToBytes() ?? field.Bytes;
            if (field.Kind == 2)
            {
                Varint(stream, field.FalseLength ?? (ulong)payload.Length);
            }

            stream.Write(payload);
        }

        return stream.ToArray();
    }

    private static WireMessage? Read(ReadOnlySpan<byte> bytes, int depth)
    {
        var message = new WireMessage();
        while (bytes.Length > 0)
        {
            if (Varint(ref bytes) is not { } key || key >> 3 is 0 or > 536_870_911)
            {
                return null;
            }

            var field = new WireField { Number = (int)(key >> 3), Kind = (int)(key & 7) };
            int length = field.Kind switch { 1 => 8, 5 => 4, _ => 0 };
            if (field.Kind is 0 or 2)
            {
                if (Varint(ref bytes) is not { } value || (field.Kind == 2 && value > (ulong)bytes.Length))
                {
                    return null;
                }

                field.Value = value;
                length = field.Kind == 2 ? (int)value : 0;
            }
            else if (field.Kind is not (1 or 5))
            {
                return null;
            }

            if (length > bytes.Length)
            {
                return null;
            }

            field.Bytes = bytes[..length].ToArray();
            field.Inner = field.Kind == 2 && length > 1 && depth < MaxDepth ? Read(field.Bytes, depth + 1) : null;
            bytes = bytes[length..];
            message.Fields.Add(field);
        }

        return message;
    }

    private static ulong? Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 127) << (7 * i);
            if (bytes[i] < 128)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }

        return null;
    }

    private static void Varint(MemoryStream stream, ulong value)
    {
        for (; value >= 128; value >>= 7)
        {
            stream.WriteByte((byte)(value | 128));
        }

        stream.WriteByte((byte)value);
    }
}
