namespace DistillSharp.Cli.Commands;

/// <summary>A file a command is to write: refused before the work, not after it.</summary>
internal static class OutputFile
{
    /// <summary>Fails where a file cannot be written.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="undone">What was not done, for the message.</param>
    /// <param name="source">A file that is read and must stay as it is; null for none.</param>
    public static void RefuseUnwritable(string? path, string undone, string? source = null)
    {
        string? reason = path switch
        {
            null => null,
            "" => "it has no name",
            _ when Directory.Exists(path) => "it is a folder",
            _ when !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))) => "its folder does not exist",
            _ when source is not null && Path.GetFullPath(path) == Path.GetFullPath(source) => "it is the model itself, which is not overwritten; give another name",
            _ => null,
        };
        if (reason is not null)
        {
            throw new ArgumentException($"'{path}' cannot be written: {reason}. {undone}");
        }
    }
}
