using System.Buffers.Binary;
using System.Text;
using CsCheck;
using DistillSharp.Graph;
using DistillSharp.TestKit;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights;

/// <summary>Headers that lie: each is refused by name, and none makes the reader allocate more than the file holds.</summary>
public sealed class SafetensorsFileLiesTests
{
    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}}""", "'x' of shape [2] claims bytes [0, 16] of 16")]
    [InlineData("""{"x":{"dtype":"F32","shape":[5],"data_offsets":[0,20]}}""", "claims bytes [0, 20] of 16")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}}""", "claims bytes [-16, 0] of 16")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[16,0]}}""", "claims bytes [16, 0] of 16")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[0]}}""", "claims bytes [0] of 16")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[]}}""", "claims bytes [] of 16")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16,32]}}""", "claims bytes [0, 16, 32] of 16")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"y":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "'y' begins at byte 8, but the one before it ends at 12")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"y":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "neither overlap nor leave gaps")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "'x' begins at byte 8, but the one before it ends at 0")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "end at byte 8, but 16 follow")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"x":{"dtype":"F32","shape":[4],"data_offsets":[16,16]}}""", "'x' of shape [4] claims bytes [16, 16]")]
    [InlineData("""{"x":{"dtype":"F33","shape":[4],"data_offsets":[0,16]}}""", "'F33' is not known")]
    [InlineData("""{"x":{"dtype":7,"shape":[4],"data_offsets":[0,16]}}""", "header cannot be read")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}""", "header cannot be read")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,16]}}""", "header cannot be read")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4.5],"data_offsets":[0,16]}}""", "header cannot be read")]
    [InlineData("""{"x":{"dtype":"F32","data_offsets":[0,16]}}""", "header cannot be read")]
    [InlineData("""{"x":{"dtype":"F32","shape":"4","data_offsets":[0,16]}}""", "header cannot be read")]
    [InlineData("""{"__metadata__":{"a":1}}""", "header cannot be read")]
    [InlineData("""[1, 2]""", "header cannot be read")]
    [InlineData("""{"x":""", "header cannot be read")]
    [InlineData("not JSON", "header cannot be read")]
    public void A_lying_header_is_refused_and_the_file_named(string header, string says)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("lies.safetensors", FileOf(header, 16));

        var error = Assert.Throws<GraphException>(() => SafetensorsFile.Read(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(17)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void A_header_length_that_does_not_fit_the_file_is_refused_with_both_numbers(long length)
    {
        using var folder = new TemporaryFolder();
        byte[] file = new byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(file, length);
        string path = folder.Write("lies.safetensors", file);

        var error = Assert.Throws<GraphException>(() => SafetensorsFile.Read(path));

        Assert.Contains($"'{path}' is no safetensors file: its header claims {length} bytes of the file's 24", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_is_refused_by_name_whatever_its_length()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = FileOf("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 16);
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.Write("short.safetensors", whole[..length]);
            var error = Assert.Throws<GraphException>(() => SafetensorsFile.Read(path));
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Any_flipped_byte_is_read_or_refused()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(
            folder["whole"],
            new Dictionary<string, TensorData> { ["a"] = TensorData.Create<float>([1, 2, 3], 3), ["b"] = TensorData.Create<long>([4], 1) },
            new Dictionary<string, string> { ["position"] = "{}" });
        byte[] whole = File.ReadAllBytes(folder["whole"]);
        int file = 0;
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 4].Sample(
            flips =>
            {
                byte[] broken = [.. whole];
                foreach (var (at, value) in flips)
                {
                    broken[at] = value;
                }

                string path = folder.Write($"{Interlocked.Increment(ref file)}", broken);
                try
                {
                    var (tensors, _) = SafetensorsFile.Read(path);
                    return tensors.Values.Sum(tensor => (long)tensor.Bytes.Length) <= broken.Length;
                }
                catch (GraphException error)
                {
                    return error.Message.Contains(path, StringComparison.Ordinal);
                }
            },
            iter: 2_000);
    }

    private static byte[] FileOf(string header, int body)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), file = new byte[8 + text.Length + body];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        return file;
    }
}
