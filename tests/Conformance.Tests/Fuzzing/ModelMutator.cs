using System.Buffers.Binary;
using System.Text;
using DistillSharp.TestKit.Wire;

namespace Conformance.Tests.Fuzzing;

/// <summary>Damages a model file: blindly, byte by byte, and knowingly, field by field, so that the damage passes the parser and reaches what is behind it.</summary>
/// <param name="random">Decides what is damaged.</param>
internal sealed class ModelMutator(Random random)
{
    private static readonly long[] s_extremes = [0, -1, 1, 2, 7, 16, 255, 1 << 20, int.MaxValue, int.MinValue, 1L << 31, (1L << 32) - 1, 1L << 40, long.MaxValue, long.MinValue, -(1L << 31), 1L << 62];

    private static readonly string[] s_words =
    [
        "Conv", "Gemm", "MatMul", "Reshape", "ConstantOfShape", "Expand", "Tile", "Range", "Loop", "If", "Scan", "Resize", "Pad", "Slice", "Split", "Concat", "Gather", "Einsum", "TopK", "OneHot",
        "QuantizeLinear", "DequantizeLinear", "BatchNormalization", "Softmax", "Constant", "Identity", "Dropout", "Clip", "Upsample", "Nonsense", "", "x", "y", "value", "axis", "axes", "ai.onnx",
        "distillsharp.trainable", "distillsharp.init", "uniform(1e308)", "location", "../weights.bin", "/etc/passwd", "offset", "length",
    ];

    /// <summary>A damaged copy.</summary>
    /// <param name="model">The file.</param>
    /// <param name="others">Other files, of which parts may be taken.</param>
    public byte[] Damage(byte[] model, IReadOnlyList<byte[]> others)
    {
        byte[] bytes = model;
        if (random.Next(3) > 0 && WireMessage.Read(model) is { } message)
        {
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                Knowingly(message, others);
            }

            bytes = message.ToBytes();
        }

        for (int i = bytes == model ? random.Next(1, 4) : random.Next(8) == 0 ? 1 : 0; i > 0 && bytes.Length > 0; i--)
        {
            bytes = Blindly(bytes);
        }

        return bytes;
    }

    private byte[] Blindly(byte[] bytes)
    {
        int place = random.Next(bytes.Length), end = Math.Min(bytes.Length, place + random.Next(1, 40));
        switch (random.Next(6))
        {
            case 0:
                return bytes[..place];
            case 1:
                return [.. bytes[..place], .. bytes[end..]];
            case 2:
                return [.. bytes[..end], .. bytes[place..]];
            case 3:
                return [.. bytes[..place], .. Noise(12), .. bytes[place..]];
            case 4:
                return [.. bytes[..place], 0xFF, 0xFF, 0xFF, 0xFF, 0x07, .. bytes[place..]];
            default:
                byte[] flipped = [.. bytes];
                flipped[place] ^= (byte)(1 << random.Next(8));
                return flipped;
        }
    }

    private void Knowingly(WireMessage message, IReadOnlyList<byte[]> others)
    {
        var everything = message.Everything().ToList();
        if (everything.Count == 0)
        {
            return;
        }

        var (owner, field) = everything[random.Next(everything.Count)];
        var (otherOwner, other) = everything[random.Next(everything.Count)];
        switch (random.Next(10))
        {
            case 0:
                owner.Fields.Remove(field);
                break;
            case 1:
                owner.Fields.Insert(random.Next(owner.Fields.Count + 1), field.Clone());
                break;
            case 2 when !Holds(field, other) && !Holds(other, field):
                (owner.Fields[owner.Fields.IndexOf(field)], otherOwner.Fields[otherOwner.Fields.IndexOf(other)]) = (other, field);
                break;
            case 3 when !Holds(other, field):
                owner.Fields.Add(other.Clone());
                break;
            case 4 when field.Kind == 2:
                field.FalseLength = (ulong)s_extremes[random.Next(s_extremes.Length)];
                break;
            case 5 when others.Count > 0 && WireMessage.Read(others[random.Next(others.Count)])?.Everything().ToList() is { Count: > 0 } foreign:
                // A node, a tensor or an attribute of another model, in the place of one of the same kind if there is one.
                var alike = foreign.Where(pair => pair.Field.Number == field.Number && pair.Field.Kind == field.Kind).ToList();
                var (_, taken) = alike.Count > 0 ? alike[random.Next(alike.Count)] : foreign[random.Next(foreign.Count)];
                owner.Fields[owner.Fields.IndexOf(field)] = taken.Clone();
                break;
            case 6 or 7 when everything.Where(pair => pair.Field.Kind == 2 && pair.Field.Inner is null && pair.Field.Bytes.Length < 64).ToList() is { Count: > 0 } texts:
                // One name for another: cycles, shadows, operators of other inputs.
                texts[random.Next(texts.Count)].Field.Bytes = random.Next(2) == 0 ? texts[random.Next(texts.Count)].Field.Bytes : Encoding.UTF8.GetBytes(s_words[random.Next(s_words.Length)]);
                break;
            default:
                Numbers(field);
                break;
        }
    }

    /// <summary>Puts extreme numbers where numbers are.</summary>
    private void Numbers(WireField field)
    {
        if (field.Kind == 0)
        {
            field.Value = (ulong)Extreme();
        }
        else if (field.Kind == 2)
        {
            // Packed varints, int64 elements of a shape, floats: all of them are bytes here.
            field.Inner = null;
            byte[] bytes = field.Bytes;
            switch (random.Next(3))
            {
                case 0:
                    for (int i = 0; i + 8 <= bytes.Length; i += 8)
                    {
                        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i), Extreme());
                    }

                    break;
                case 1:
                    for (int i = 0; i + 4 <= bytes.Length; i += 4)
                    {
                        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i), random.Next(4) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => 1e38f, _ => 0 });
                    }

                    break;
                default:
                    var packed = new WireMessage();
                    packed.Fields.AddRange(Enumerable.Range(0, random.Next(1, 6)).Select(_ => new WireField { Number = 1, Value = (ulong)Extreme() }));
                    field.Bytes = [.. packed.ToBytes().Where((value, i) => value != 8 || i > 0).Skip(1)];
                    break;
            }
        }
        else
        {
            random.NextBytes(field.Bytes);
        }
    }

    private long Extreme() => random.Next(3) == 0 ? random.NextInt64(-4, 64) : s_extremes[random.Next(s_extremes.Length)];

    private byte[] Noise(int most)
    {
        byte[] noise = new byte[random.Next(1, most)];
        random.NextBytes(noise);
        return noise;
    }

    private static bool Holds(WireField outer, WireField inner) => ReferenceEquals(outer, inner) || outer.Inner?.Everything().Any(pair => ReferenceEquals(pair.Field, inner)) == true;
}
