using System.Buffers.Binary;
using DistillSharp.Graph;

namespace DistillSharp.Weights;

/// <summary>Safetensors files as checkpoints.</summary>
internal static class SafetensorsCheckpoint
{
    /// <summary>Whether a file begins like one: eight bytes of header length, then a brace.</summary>
    public static bool Recognises(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[9];
        return stream.ReadAtLeast(start, 9, throwOnEndOfStream: false) == 9 && start[8] == (byte)'{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)stream.Length;
    }

    public static Checkpoint Load(string path, CheckpointOptions? options)
    {
        var (tensors, texts) = SafetensorsFile.Read(path);
        var ordered = new OrderedDictionary<string, TensorData>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
        {
            ordered.Add(name, options?.AsStored == true ? tensor : FloatElements.ToFloat32(tensor));
        }

        return new(path, ordered, CheckpointSource.Safetensors, CheckpointTexts.Read(texts));
    }
}
