namespace DistillSharp.Weights.Torch;

/// <summary>An entry of a zip file, as its directory tells it.</summary>
/// <param name="Name">The name; never used as a path.</param>
/// <param name="Method">0 for stored, 8 for deflated.</param>
/// <param name="PackedSize">Its bytes in the file.</param>
/// <param name="Size">Its bytes unpacked.</param>
/// <param name="Header">Where its local header lies.</param>
internal sealed record ZipEntry(string Name, int Method, long PackedSize, long Size, long Header);
