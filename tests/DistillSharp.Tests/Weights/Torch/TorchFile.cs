using System.IO.Compression;
using System.Runtime.InteropServices;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Weights.Torch;

/// <summary>Writes files of the shape that <c>torch.save</c> gives them, with whatever is put in.</summary>
internal static class TorchFile
{
    public static string Write(TemporaryFolder folder, byte[] pickle, params (string Key, byte[] Bytes)[] storages) =>
        WriteEntries(folder, CompressionLevel.NoCompression, [("archive/data.pkl", pickle), .. storages.Select(storage => ($"archive/data/{storage.Key}", storage.Bytes)), ("archive/version", "3\n"u8.ToArray())]);

    public static string WriteEntries(TemporaryFolder folder, CompressionLevel level, params (string Name, byte[] Bytes)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return folder.Write("written.pt", stream.ToArray());
    }

    public static byte[] Floats(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
