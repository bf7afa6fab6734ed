using DistillSharp.Graph;

namespace DistillSharp.Weights.Torch;

/// <summary>Tells what a file that is no zip is, and how to make one of it.</summary>
internal static class OldTorchFile
{
    private const int TarMagic = 257, Looked = 512;

    /// <summary>Refuses what is no zip file.</summary>
    /// <param name="file">The file; its position is set back to the start.</param>
    /// <param name="path">What messages call it.</param>
    public static void Refuse(Stream file, string path)
    {
        byte[] start = new byte[Looked];
        file.Position = 0;
        int length = file.ReadAtLeast(start, Looked, throwOnEndOfStream: false);
        file.Position = 0;
        if (!start.AsSpan(0, 4).SequenceEqual("PK\u0003\u0004"u8))
        {
            string name = Path.GetFileName(path), again = $"Save it again, in Python with PyTorch 1.6 or newer: torch.save(torch.load(\"{name}\"), \"{name}\").";
            throw new GraphException(length == 0 ? $"'{path}' is no checkpoint of PyTorch: it is empty."
                : start.AsSpan(TarMagic, 5).SequenceEqual("ustar"u8) ? $"'{path}' is a tar file, as PyTorch wrote before version 0.4. {again}"
                : start[0] == 0x80 && start[1] is >= 1 and <= 5 ? $"'{path}' is a bare pickle, as PyTorch wrote before version 1.6. {again}"
                : $"'{path}' is no checkpoint of PyTorch: files of torch.save are zip files.");
        }
    }
}
