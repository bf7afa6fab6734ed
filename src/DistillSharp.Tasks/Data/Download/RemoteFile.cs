namespace DistillSharp.Tasks.Data.Download;

/// <summary>A file that can be fetched, and how it is known to be whole.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Name">Its name on disk.</param>
/// <param name="Sha256">The SHA-256 of its bytes, 64 lower-case hexadecimal digits.</param>
public sealed record RemoteFile(Uri Address, string Name, string Sha256);
