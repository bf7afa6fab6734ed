using System.Buffers.Binary;
using Google.Protobuf;

namespace DistillSharp.Observers;

/// <summary>
/// Writes scalars as TensorBoard reads them: TFRecord frames (length, masked CRC-32C, bytes, masked CRC-32C) around
/// Event messages (wall_time = 1, step = 2, file_version = 3, summary = 5).
/// </summary>
public sealed class TensorBoardWriter : IDisposable
{
    private static readonly uint[] s_table = [.. Enumerable.Range(0, 256).Select(i =>
    {
        uint crc = (uint)i;
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        return crc;
    })];

    private readonly FileStream _stream;

    /// <summary>Begins an event file.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="firstStep">The step the run begins at; in the name, so that a resumed run adds a file.</param>
    public TensorBoardWriter(string folder, long firstStep)
    {
        _stream = new(Path.Combine(folder, $"events.out.tfevents.{firstStep:D10}.distill"), FileMode.Create, FileAccess.Write, FileShare.Read);
        Frame(Message(output =>
        {
            output.WriteTag(3, WireFormat.WireType.LengthDelimited);
            output.WriteString("brain.Event:2");
        }, step: 0));
    }

    /// <summary>Writes one scalar.</summary>
    /// <param name="tag">Its name; a slash groups.</param>
    /// <param name="value">Its value.</param>
    /// <param name="step">The step.</param>
    public void Add(string tag, double value, long step)
    {
        // Summary { repeated Value value = 1 { string tag = 1; float simple_value = 2; } }
        byte[] one = Bytes(output =>
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteString(tag);
            output.WriteTag(2, WireFormat.WireType.Fixed32);
            output.WriteFloat((float)value);
        });
        byte[] summary = Bytes(output =>
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(one));
        });
        Frame(Message(output =>
        {
            output.WriteTag(5, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(summary));
        }, step));
        _stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static byte[] Message(Action<CodedOutputStream> body, long step) => Bytes(output =>
    {
        output.WriteTag(1, WireFormat.WireType.Fixed64);
        output.WriteDouble(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);
        output.WriteTag(2, WireFormat.WireType.Varint);
        output.WriteInt64(step);
        body(output);
    });

    private static byte[] Bytes(Action<CodedOutputStream> body)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            body(output);
        }

        return memory.ToArray();
    }

    private void Frame(byte[] message)
    {
        Span<byte> length = stackalloc byte[8], check = stackalloc byte[4];
        BinaryPrimitives.WriteInt64LittleEndian(length, message.Length);
        _stream.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(check, Masked(length));
        _stream.Write(check);
        _stream.Write(message);
        BinaryPrimitives.WriteUInt32LittleEndian(check, Masked(message));
        _stream.Write(check);
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in bytes)
        {
            crc = (crc >> 8) ^ s_table[(crc ^ b) & 0xFF];
        }

        crc = ~crc;
        return unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
    }
}
