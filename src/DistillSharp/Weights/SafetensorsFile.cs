using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using DistillSharp.Graph;

namespace DistillSharp.Weights;

/// <summary>Tensors by name in the safetensors format: eight bytes of header length, a JSON header, then the elements.</summary>
public static class SafetensorsFile
{
    /// <summary>The longest header that is read, as in the format's reference: 100 MB.</summary>
    private const long MaxHeaderLength = 100_000_000;

    /// <summary>Writes a file whole: beside it first, then flushed and renamed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="metadata">Texts that travel with them.</param>
    public static void Write(string path, IReadOnlyDictionary<string, TensorData> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(metadata);
        byte[] header = Header(tensors, metadata);
        string temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, tensor) in tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                stream.Write(tensor.Bytes);
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name, and the texts that travel with them.</returns>
    /// <exception cref="GraphException">The file is truncated or its header lies; the message names the file.</exception>
    public static (IReadOnlyDictionary<string, TensorData> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < 8 || stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
        {
            throw new GraphException($"'{path}' is no safetensors file: it has {stream.Length} bytes, too few for a header.");
        }

        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (headerLength < 2 || headerLength > Math.Min(MaxHeaderLength, stream.Length - 8))
        {
            throw new GraphException($"'{path}' is no safetensors file: its header claims {headerLength} bytes of the file's {stream.Length}.");
        }

        byte[] header = new byte[headerLength];
        stream.ReadExactly(header);
        try
        {
            using var json = JsonDocument.Parse(header);
            return Body(path, stream, json.RootElement, 8 + headerLength);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException or KeyNotFoundException or ArgumentException)
        {
            throw new GraphException($"'{path}' is no safetensors file: its header cannot be read ({error.Message}).", error);
        }
    }

    private static (IReadOnlyDictionary<string, TensorData>, IReadOnlyDictionary<string, string>) Body(string path, FileStream stream, JsonElement header, long start)
    {
        var places = new List<(string Name, ElementType Type, long[] Shape, long Begin, long End)>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in header.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
            {
                foreach (var text in entry.Value.EnumerateObject())
                {
                    metadata[text.Name] = text.Value.GetString() ?? "";
                }

                continue;
            }

            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            var type = TypeOf(entry.Value.GetProperty("dtype").GetString());
            long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
            if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > stream.Length - start || end - begin != checked(TensorData.CountOf(shape) * TensorData.SizeOf(type)))
            {
                throw new GraphException($"'{path}': the tensor '{entry.Name}' of shape [{string.Join(", ", shape)}] claims bytes [{string.Join(", ", offsets)}] of {stream.Length - start}.");
            }

            places.Add((entry.Name, type, shape, begin, end));
        }

        CheckPlaces(path, places, stream.Length - start);
        var tensors = new Dictionary<string, TensorData>(StringComparer.Ordinal);
        foreach (var (name, type, shape, begin, end) in places)
        {
            byte[] bytes = new byte[end - begin];
            stream.Position = start + begin;
            stream.ReadExactly(bytes);
            tensors.Add(name, new(type, shape, bytes));
        }

        return (tensors, metadata);
    }

    /// <summary>Every byte belongs to one tensor, as the format's reference demands: a short header cannot claim a large file many times over.</summary>
    private static void CheckPlaces(string path, IEnumerable<(string Name, ElementType Type, long[] Shape, long Begin, long End)> places, long length)
    {
        long next = 0;
        foreach (var (name, _, _, begin, end) in places.OrderBy(place => place.Begin).ThenBy(place => place.End))
        {
            if (begin != next)
            {
                throw new GraphException($"'{path}': the tensor '{name}' begins at byte {begin}, but the one before it ends at {next}: tensors must neither overlap nor leave gaps.");
            }

            next = end;
        }

        if (next != length)
        {
            throw new GraphException($"'{path}': its tensors end at byte {next}, but {length} follow the header.");
        }
    }

    private static byte[] Header(IReadOnlyDictionary<string, TensorData> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            long offset = 0;
            foreach (var (name, tensor) in tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", NameOf(tensor.Type));
                json.WriteStartArray("shape");
                foreach (long size in tensor.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // The elements begin at a multiple of eight: the header is filled up with spaces.
        buffer.Write(Encoding.ASCII.GetBytes(new string(' ', (int)(-buffer.Length & 7))));
        return buffer.ToArray();
    }

    private static string NameOf(ElementType type) => type switch
    {
        ElementType.Float64 => "F64",
        ElementType.Float32 => "F32",
        ElementType.Float16 => "F16",
        ElementType.BFloat16 => "BF16",
        ElementType.Int64 => "I64",
        ElementType.Int32 => "I32",
        ElementType.Int16 => "I16",
        ElementType.Int8 => "I8",
        ElementType.UInt8 => "U8",
        ElementType.Bool => "BOOL",
        _ => throw new NotSupportedException($"Safetensors files hold no {type}."),
    };

    private static ElementType TypeOf(string? name) => name switch
    {
        "F64" => ElementType.Float64,
        "F32" => ElementType.Float32,
        "F16" => ElementType.Float16,
        "BF16" => ElementType.BFloat16,
        "I64" => ElementType.Int64,
        "I32" => ElementType.Int32,
        "I16" => ElementType.Int16,
        "I8" => ElementType.Int8,
        "U8" => ElementType.UInt8,
        "BOOL" => ElementType.Bool,
        _ => throw new FormatException($"the element type '{name}' is not known"),
    };
}
