using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using DistillSharp.Graph;
using DistillSharp.TestKit;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights;

public sealed class SafetensorsFileTests
{
    private static readonly Dictionary<string, string> s_noTexts = [];

    public static TheoryData<ElementType, string> Types => new()
    {
        { ElementType.Float64, "F64" }, { ElementType.Float32, "F32" }, { ElementType.Float16, "F16" }, { ElementType.BFloat16, "BF16" }, { ElementType.Int64, "I64" },
        { ElementType.Int32, "I32" }, { ElementType.Int16, "I16" }, { ElementType.Int8, "I8" }, { ElementType.UInt8, "U8" }, { ElementType.Bool, "BOOL" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Each_element_type_comes_back_as_it_went(ElementType type, string name)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = [.. Enumerable.Range(0, 6 * TensorData.SizeOf(type)).Select(i => (byte)(i % 2))];
        SafetensorsFile.Write(folder["a"], new Dictionary<string, TensorData> { ["t"] = new(type, [2, 3], bytes) }, s_noTexts);

        var (tensors, _) = SafetensorsFile.Read(folder["a"]);

        Assert.Equal(type, tensors["t"].Type);
        Assert.Equal([2, 3], tensors["t"].Shape);
        Assert.Equal(bytes, tensors["t"].Bytes.ToArray());
        Assert.Equal(name, HeaderOf(folder["a"]).GetProperty("t").GetProperty("dtype").GetString());
    }

    [Fact]
    public void Scalars_empty_tensors_odd_names_and_texts_come_back()
    {
        using var folder = new TemporaryFolder();
        var tensors = new Dictionary<string, TensorData>
        {
            ["z"] = TensorData.Create<float>([1.5f]),
            ["a \"quoted\" ключ"] = TensorData.Create<double>([], 0, 4),
            ["m"] = TensorData.Create<long>([1, -2, 3], 3),
        };
        var texts = new Dictionary<string, string> { ["position"] = "{\"a\": 1}\n", ["empty"] = "" };
        SafetensorsFile.Write(folder["a"], tensors, texts);

        var (read, metadata) = SafetensorsFile.Read(folder["a"]);

        Assert.Equal(texts, metadata.ToDictionary());
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), read.Keys.Order(StringComparer.Ordinal));
        Assert.All(tensors, pair => Assert.Equal((pair.Value.Type, Hex(pair.Value), string.Join(",", pair.Value.Shape)), (read[pair.Key].Type, Hex(read[pair.Key]), string.Join(",", read[pair.Key].Shape))));
    }

    [Fact]
    public void The_layout_is_the_published_one()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder["a"], new Dictionary<string, TensorData> { ["b"] = TensorData.Create<int>([7], 1), ["a"] = TensorData.Create<byte>([1, 2, 3, 4], 4) }, s_noTexts);

        byte[] file = File.ReadAllBytes(folder["a"]);
        long length = BinaryPrimitives.ReadInt64LittleEndian(file);
        var header = HeaderOf(folder["a"]);

        Assert.Equal(0, length % 8);
        Assert.Equal(8 + length + 8, file.Length);
        Assert.Equal([0L, 4L], header.GetProperty("a").GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()));
        Assert.Equal([4L, 8L], header.GetProperty("b").GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()));
        Assert.Equal([1, 2, 3, 4, 7, 0, 0, 0], file[(int)(8 + length)..]);
    }

    [Fact]
    public void A_file_of_the_reference_implementation_is_read()
    {
        // Byte for byte what safetensors.numpy.save({"x": float32 [1, 2]}) writes: no metadata, header padded with spaces.
        using var folder = new TemporaryFolder();
        const string header = """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  """;
        string path = folder.Write("a", [56, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(header), 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]);

        var (tensors, metadata) = SafetensorsFile.Read(path);

        Assert.Equal([1f, 2f], tensors["x"].AsSpan<float>().ToArray());
        Assert.Empty(metadata);
    }

    [Fact]
    public void A_file_is_written_whole_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        var good = new Dictionary<string, TensorData> { ["t"] = TensorData.Create<float>([1, 2], 2) };
        SafetensorsFile.Write(folder["a"], good, s_noTexts);
        byte[] before = File.ReadAllBytes(folder["a"]);

        // No such element type in the format: the write fails, the old file stays.
        var bad = new Dictionary<string, TensorData> { ["t"] = TensorData.Create<float>([9, 9], 2), ["u"] = TensorData.Create<ushort>([1], 1) };
        Assert.Throws<NotSupportedException>(() => SafetensorsFile.Write(folder["a"], bad, s_noTexts));
        Assert.Equal(before, File.ReadAllBytes(folder["a"]));

        SafetensorsFile.Write(folder["a"], good, new Dictionary<string, string> { ["k"] = "v" });
        Assert.Equal([folder["a"]], Directory.GetFiles(folder.Path));
        Assert.NotEqual(before, File.ReadAllBytes(folder["a"]));
    }

    private static JsonElement HeaderOf(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        return JsonDocument.Parse(file.AsMemory(8, (int)BinaryPrimitives.ReadInt64LittleEndian(file))).RootElement;
    }

    private static string Hex(TensorData tensor) => Convert.ToHexString(tensor.Bytes);
}
