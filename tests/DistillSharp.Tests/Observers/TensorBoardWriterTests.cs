using System.Buffers.Binary;
using System.Text;
using DistillSharp.Observers;
using DistillSharp.TestKit;
using Google.Protobuf;

namespace DistillSharp.Tests.Observers;

public sealed class TensorBoardWriterTests
{
    [Fact]
    public void The_check_sum_of_this_test_is_the_published_one()
    {
        // The check value of CRC-32C (RFC 3720), and TensorFlow's masking of it.
        Assert.Equal(0xE3069283u, Crc32C(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(unchecked(((0xE3069283u >> 15) | (0xE3069283u << 17)) + 0xA282EAD8u), Masked(Encoding.ASCII.GetBytes("123456789")));
    }

    [Fact]
    public void Each_scalar_is_a_frame_that_decodes_to_what_was_added()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new TensorBoardWriter(folder.Path, firstStep: 12))
        {
            writer.Add("loss/total", 0.25, 300);
            writer.Add("accuracy/validation", -1.5, 5_000_000_000);
        }

        string file = Assert.Single(Directory.GetFiles(folder.Path));
        var events = Frames(File.ReadAllBytes(file)).ConvertAll(Decode);

        Assert.Matches(@"^events\.out\.tfevents\.0000000012\.", Path.GetFileName(file));
        Assert.Equal(3, events.Count);
        Assert.Equal((0L, "brain.Event:2", "", 0f), (events[0].Step, events[0].Version, events[0].Tag, events[0].Value));
        Assert.Equal((300L, "", "loss/total", 0.25f), (events[1].Step, events[1].Version, events[1].Tag, events[1].Value));
        Assert.Equal((5_000_000_000L, "", "accuracy/validation", -1.5f), (events[2].Step, events[2].Version, events[2].Tag, events[2].Value));
        double now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        Assert.All(events, e => Assert.InRange(e.WallTime, now - 3600, now + 1));
    }

    [Fact]
    public void What_was_added_can_be_read_while_the_run_goes_on()
    {
        using var folder = new TemporaryFolder();
        using var writer = new TensorBoardWriter(folder.Path, firstStep: 0);
        writer.Add("a", 1, 1);

        using var stream = new FileStream(Directory.GetFiles(folder.Path)[0], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);

        Assert.Equal(2, Frames(bytes).Count);
    }

    internal static List<byte[]> Frames(byte[] file)
    {
        var frames = new List<byte[]>();
        for (int at = 0; at < file.Length;)
        {
            var length = file.AsSpan(at, 8);
            int count = (int)BinaryPrimitives.ReadInt64LittleEndian(length);
            Assert.Equal(Masked(length), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            byte[] message = file.AsSpan(at + 12, count).ToArray();
            Assert.Equal(Masked(message), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + count)));
            frames.Add(message);
            at += 16 + count;
        }

        return frames;
    }

    internal static (double WallTime, long Step, string Version, string Tag, float Value) Decode(byte[] message)
    {
        double wallTime = 0;
        long step = 0;
        string version = "", tag = "";
        float value = 0;
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var field and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(field), WireFormat.GetTagWireType(field))
            {
                case (1, WireFormat.WireType.Fixed64):
                    wallTime = input.ReadDouble();
                    break;
                case (2, WireFormat.WireType.Varint):
                    step = input.ReadInt64();
                    break;
                case (3, WireFormat.WireType.LengthDelimited):
                    version = input.ReadString();
                    break;
                case (5, WireFormat.WireType.LengthDelimited):
                    (tag, value) = Scalar(Only(input.ReadBytes().ToByteArray(), field: 1));
                    break;
                default:
                    Assert.Fail($"An event has no field {field >> 3} of wire type {field & 7}.");
                    break;
            }
        }

        return (wallTime, step, version, tag, value);
    }

    private static (string Tag, float Value) Scalar(byte[] message)
    {
        var input = new CodedInputStream(message);
        Assert.Equal(WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited), input.ReadTag());
        string tag = input.ReadString();
        Assert.Equal(WireFormat.MakeTag(2, WireFormat.WireType.Fixed32), input.ReadTag());
        float value = input.ReadFloat();
        Assert.Equal(0u, input.ReadTag());
        return (tag, value);
    }

    private static byte[] Only(byte[] message, int field)
    {
        var input = new CodedInputStream(message);
        Assert.Equal(WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited), input.ReadTag());
        byte[] inner = input.ReadBytes().ToByteArray();
        Assert.Equal(0u, input.ReadTag());
        return inner;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes) => unchecked(uint.RotateRight(Crc32C(bytes), 15) + 0xA282EAD8u);

    /// <summary>Bit by bit, so that it shares nothing with a table.</summary>
    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0x82F63B78u & (0u - (crc & 1)));
            }
        }

        return ~crc;
    }
}
