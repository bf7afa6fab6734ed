using DistillSharp.Graph;
using DistillSharp.Graph.Format;

namespace DistillSharp.TestKit.Handwritten;

/// <summary>Rewrites a written model's bytes into forms that this library reads and does not write.</summary>
public static class ForeignFile
{
    private const int ModelIrVersion = 1, ModelProducer = 2, ModelGraphField = 7, GraphInitializer = 5, TensorRaw = 9, TensorExternal = 13, TensorLocation = 14, TensorMetadata = 16;

    /// <summary>A file of somebody else's: no producer, no flags of ours, weights listed as inputs too where the IR version is 3.</summary>
    /// <param name="graph">The model; it is not changed.</param>
    /// <param name="irVersion">The IR version written.</param>
    public static byte[] Write(ModelGraph graph, int irVersion = 8)
    {
        ArgumentNullException.ThrowIfNull(graph);
        graph = graph.Clone();
        foreach (var initializer in irVersion <= 3 ? graph.Initializers : [])
        {
            graph.Inputs.Add(new(initializer.Name, initializer.Data.Type, [.. initializer.Data.Shape.Select(Dimension.Of)]));
        }

        return Rewrite(OnnxFile.Serialize(graph), (field, bytes) => field switch
        {
            ModelIrVersion => [8, (byte)irVersion],
            ModelProducer => Field(field, "elsewhere"u8.ToArray()),
            ModelGraphField => Field(field, Rewrite(bytes, (inner, part) => inner == GraphInitializer ? Field(inner, Rewrite(part, (tensor, value) => tensor == TensorMetadata ? [] : null)) : null)),
            _ => null,
        });
    }

    /// <summary>Writes a foreign model whose weights lie in a file beside it.</summary>
    /// <param name="graph">The model; it is not changed.</param>
    /// <param name="path">The model's file; the weights lie in <c>weights.bin</c> beside it.</param>
    public static void SaveExternal(ModelGraph graph, string path)
    {
        using var weights = File.Create(Path.Combine(Path.GetDirectoryName(path)!, "weights.bin"));
        byte[] Outside(byte[] tensor) => Rewrite(tensor, (field, bytes) =>
        {
            if (field != TensorRaw || bytes.Length < 64)
            {
                return null;
            }

            long offset = weights.Position;
            weights.Write(bytes);
            return [.. Entry("location", "weights.bin"), .. Entry("offset", $"{offset}"), .. Entry("length", $"{bytes.Length}"), .. Varint(TensorLocation << 3), 1];
        });
        File.WriteAllBytes(path, Rewrite(Write(graph), (field, bytes) =>
            field == ModelGraphField ? Field(field, Rewrite(bytes, (inner, part) => inner == GraphInitializer ? Field(inner, Outside(part)) : null)) : null));
    }

    private static byte[] Entry(string key, string value) =>
        Field(TensorExternal, [.. Field(1, System.Text.Encoding.UTF8.GetBytes(key)), .. Field(2, System.Text.Encoding.UTF8.GetBytes(value))]);

    /// <summary>Goes through a message's fields; a change gives the whole field anew, null leaves it.</summary>
    private static byte[] Rewrite(byte[] message, Func<int, byte[], byte[]?> change)
    {
        var result = new List<byte>();
        for (int at = 0; at < message.Length;)
        {
            int start = at;
            ulong tag = ReadVarint(message, ref at);
            byte[] content = [];
            switch (tag & 7)
            {
                case 0:
                    ReadVarint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    int length = (int)ReadVarint(message, ref at);
                    content = message[at..(at + length)];
                    at += length;
                    break;
                default:
                    at += 4;
                    break;
            }

            result.AddRange(change((int)(tag >> 3), content) ?? message[start..at]);
        }

        return [.. result];
    }

    private static byte[] Field(int number, byte[] content) => [.. Varint((ulong)((number << 3) | 2)), .. Varint((ulong)content.Length), .. content];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 128; value >>= 7)
        {
            bytes.Add((byte)(value | 128));
        }

        return [.. bytes, (byte)value];
    }

    private static byte[] Varint(int value) => Varint((ulong)value);

    private static ulong ReadVarint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }
    }
}
