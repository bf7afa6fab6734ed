using System.IO.Compression;
using DistillSharp.Graph;
using DistillSharp.TestKit;
using DistillSharp.Tests.Weights.Pickle;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights.Torch;

/// <summary>Archives of every kind: the elements that come out, and the lies that are refused.</summary>
public sealed class TorchArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("DoubleStorage", ElementType.Float64, 8)]
    [InlineData("FloatStorage", ElementType.Float32, 4)]
    [InlineData("HalfStorage", ElementType.Float16, 2)]
    [InlineData("BFloat16Storage", ElementType.BFloat16, 2)]
    [InlineData("LongStorage", ElementType.Int64, 8)]
    [InlineData("IntStorage", ElementType.Int32, 4)]
    [InlineData("ShortStorage", ElementType.Int16, 2)]
    [InlineData("CharStorage", ElementType.Int8, 1)]
    [InlineData("ByteStorage", ElementType.UInt8, 1)]
    [InlineData("BoolStorage", ElementType.Bool, 1)]
    public void Every_element_type_is_read_as_stored(string storage, ElementType type, int size)
    {
        byte[] bytes = [.. Enumerable.Range(1, 3 * size).Select(value => (byte)value)];
        string path = TorchFile.Write(_folder, PickleWriter.OneTensor(storage, "7", 3, 1, [2], [1]), ("7", bytes));

        var tensor = TorchCheckpoint.Load(path, new() { AsStored = true }).StateDict["w"];

        Assert.Equal(type, tensor.Type);
        Assert.Equal(bytes[size..], tensor.Bytes.ToArray());
    }

    [Fact]
    public void Halves_brain_floats_and_doubles_become_float32()
    {
        // 1.5 and -2 as float16, bfloat16 and float64.
        Assert.Equal([1.5f, -2], Read("HalfStorage", [0x00, 0x3E, 0x00, 0xC0]));
        Assert.Equal([1.5f, -2], Read("BFloat16Storage", [0xC0, 0x3F, 0x00, 0xC0]));
        Assert.Equal([1.5f, -2], Read("DoubleStorage", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0]));

        float[] Read(string storage, byte[] bytes) => TorchCheckpoint.Load(TorchFile.Write(_folder, PickleWriter.OneTensor(storage, "0", 2, 0, [2], [1]), ("0", bytes))).StateDict["w"].AsSpan<float>().ToArray();
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 1 }, 0, new float[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(new long[] { 3, 2 }, new long[] { 1, 3 }, 0, new float[] { 0, 3, 1, 4, 2, 5 })]
    [InlineData(new long[] { 2, 2 }, new long[] { 3, 1 }, 1, new float[] { 1, 2, 4, 5 })]
    [InlineData(new long[] { 3 }, new long[] { 2 }, 1, new float[] { 1, 3, 5 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 0, 1 }, 2, new float[] { 2, 3, 4, 2, 3, 4 })]
    [InlineData(new long[] { 2, 1, 3 }, new long[] { 3, 77, 1 }, 0, new float[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(new long[0], new long[0], 5, new float[] { 5 })]
    [InlineData(new long[] { 0, 4 }, new long[] { 4, 1 }, 6, new float[0])]
    public void Strides_are_followed(long[] shape, long[] strides, long offset, float[] expected)
    {
        string path = TorchFile.Write(_folder, PickleWriter.OneTensor("FloatStorage", "0", 6, offset, shape, strides), ("0", TorchFile.Floats(0, 1, 2, 3, 4, 5)));

        var tensor = TorchCheckpoint.Load(path).StateDict["w"];

        Assert.Equal(shape, tensor.Shape);
        Assert.Equal(expected, tensor.AsSpan<float>().ToArray());
    }

    [Theory]
    [InlineData(6, 1, new long[] { 2, 3 }, new long[] { 3, 1 })]
    [InlineData(6, 0, new long[] { 7 }, new long[] { 1 })]
    [InlineData(6, 6, new long[] { 1 }, new long[] { 1 })]
    [InlineData(6, -1, new long[] { 1 }, new long[] { 1 })]
    [InlineData(6, 5, new long[] { 2 }, new long[] { -1 })]
    [InlineData(6, 0, new long[] { -2 }, new long[] { 1 })]
    [InlineData(6, 0, new long[] { long.MaxValue, 2 }, new long[] { 0, 0 })]
    [InlineData(6, 0, new long[] { 1L << 61 }, new long[] { 0 })]
    [InlineData(6, 0, new long[] { 2 }, new long[] { long.MaxValue })]
    [InlineData(6, long.MaxValue, new long[] { 2 }, new long[] { 1 })]
    [InlineData(long.MaxValue, 1L << 61, new long[] { 2 }, new long[] { 1L << 60 })]
    [InlineData(6, 7, new long[] { 0 }, new long[] { 1 })]
    public void A_tensor_outside_its_storage_is_refused(long count, long offset, long[] shape, long[] strides)
    {
        string path = TorchFile.Write(_folder, PickleWriter.OneTensor("FloatStorage", "0", count, offset, shape, strides), ("0", TorchFile.Floats(0, 1, 2, 3, 4, 5)));

        Refused(path, "does not lie in its storage '0'");
    }

    [Theory]
    [InlineData(6, "has 20 bytes, but its tensors need 24")]
    [InlineData(1L << 60, "has 20 bytes, but its tensors need 4611686018427387904")]
    public void A_storage_shorter_than_it_says_is_refused(long count, string message)
    {
        string path = TorchFile.Write(_folder, PickleWriter.OneTensor("FloatStorage", "0", count, 0, [2], [1]), ("0", TorchFile.Floats(0, 1, 2, 3, 4)));

        Refused(path, message);
    }

    [Fact]
    public void Strides_of_nought_are_no_bomb()
    {
        string path = TorchFile.Write(_folder, PickleWriter.OneTensor("FloatStorage", "0", 1, 0, [1 << 20, 1 << 8], [0, 0]), ("0", TorchFile.Floats(1)));

        Refused(path, "more than 4 times the file");
    }

    [Fact]
    public void One_storage_seen_by_many_tensors_is_no_bomb()
    {
        var pickle = new PickleWriter().Op('}');
        for (int i = 0; i < 40; i++)
        {
            pickle.Text($"w{i}").Tensor("FloatStorage", "0", 1 << 20, 0, [1 << 20], [1]).Op('s');
        }

        Refused(TorchFile.Write(_folder, pickle.Done(), ("0", new byte[4 << 20])), "more than 4 times the file");
    }

    [Fact]
    public void A_storage_that_is_not_there_or_leads_out_of_the_file_is_refused()
    {
        Refused(TorchFile.Write(_folder, PickleWriter.OneTensor("FloatStorage", "1", 1, 0, [1], [1]), ("0", TorchFile.Floats(1))), "'archive/data/1', which the file does not hold");
        Refused(TorchFile.Write(_folder, PickleWriter.OneTensor("FloatStorage", "../../etc/passwd", 1, 0, [1], [1])), "which the file does not hold");
    }

    [Fact]
    public void Numbers_with_their_highest_byte_first_are_turned()
    {
        byte[] pickle = PickleWriter.OneTensor("FloatStorage", "0", 1, 0, [1], [1]);
        string path = TorchFile.WriteEntries(_folder, CompressionLevel.NoCompression, ("m/data.pkl", pickle), ("m/byteorder", "big"u8.ToArray()), ("m/data/0", [0x3F, 0xC0, 0, 0]));

        Assert.Equal([1.5f], TorchCheckpoint.Load(path).StateDict["w"].AsSpan<float>().ToArray());
        Refused(TorchFile.WriteEntries(_folder, CompressionLevel.NoCompression, ("m/data.pkl", pickle), ("m/byteorder", "middle"u8.ToArray())), "its byte order is 'middle'");
    }

    [Fact]
    public void A_packed_archive_is_read_and_a_bomb_is_not()
    {
        byte[] pickle = PickleWriter.OneTensor("FloatStorage", "0", 2, 0, [2], [1]);
        string path = TorchFile.WriteEntries(_folder, CompressionLevel.SmallestSize, ("data.pkl", pickle), ("data/0", TorchFile.Floats(1.5f, -2)));
        Assert.Equal([1.5f, -2], TorchCheckpoint.Load(path).StateDict["w"].AsSpan<float>().ToArray());

        byte[] large = PickleWriter.OneTensor("FloatStorage", "0", 16 << 20, 0, [2], [1]);
        Refused(TorchFile.WriteEntries(_folder, CompressionLevel.SmallestSize, ("a/data.pkl", large), ("a/data/0", new byte[64 << 20])), "more than 8 times the file");
        Refused(TorchFile.WriteEntries(_folder, CompressionLevel.SmallestSize, ("a/data.pkl", new byte[40 << 20])), "its pickle has 41943040 bytes");
    }

    [Theory]
    [InlineData("a/../../x")]
    [InlineData("/etc/x")]
    [InlineData("a\\x")]
    public void Names_that_lead_out_of_the_file_are_refused(string name) =>
        Refused(TorchFile.WriteEntries(_folder, CompressionLevel.NoCompression, ("a/data.pkl", new PickleWriter().Op('N').Done()), (name, [1])), "which leads out of the file");

    [Fact]
    public void Entries_that_are_there_twice_or_never_are_refused()
    {
        byte[] pickle = new PickleWriter().Op('N').Done();
        Refused(TorchFile.WriteEntries(_folder, CompressionLevel.NoCompression, ("a/data.pkl", pickle), ("a/data.pkl", pickle)), "names 'a/data.pkl' twice");
        Refused(TorchFile.WriteEntries(_folder, CompressionLevel.NoCompression, ("a/data.pkl", pickle), ("b/data.pkl", pickle)), "2 entries called 'data.pkl'");
        Refused(TorchFile.WriteEntries(_folder, CompressionLevel.NoCompression, ("a/other", pickle)), "0 entries called 'data.pkl'");
        Refused(TorchFile.WriteEntries(_folder, CompressionLevel.NoCompression, ("a/data.pkl", pickle), ("a/constants.pkl", pickle)), "TorchScript");
    }

    [Fact]
    public void Old_and_other_files_are_told_apart_and_how_to_save_them_again()
    {
        byte[] magic = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];
        byte[] tar = new byte[1024];
        "ustar"u8.CopyTo(tar.AsSpan(257));

        Refused(_folder.Write("old.pt", magic), "before version 1.6", "torch.save(torch.load(\"old.pt\")");
        Refused(_folder.Write("older.pt", tar), "a tar file", "torch.save(");
        Refused(_folder.Write("empty.pt", []), "it is empty");
        Refused(_folder.Write("text.pt", "hello"), "are zip files");
        Refused(_folder.Write("zip.pt", "PK\u0003\u0004 and nothing more"), "truncated");
    }

    private static void Refused(string path, params string[] parts)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<GraphException>(() => TorchCheckpoint.Load(path)).Message;
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20, "More than 64 MB were allocated.");
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
