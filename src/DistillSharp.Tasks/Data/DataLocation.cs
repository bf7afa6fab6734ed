namespace DistillSharp.Tasks.Data;

/// <summary>Where data sets are looked for: the given root, then <c>$DISTILLSHARP_DATA</c>, then the user's cache.</summary>
public sealed record DataLocation
{
    /// <summary>The folder given by <c>--data-root</c> or the recipe, or null.</summary>
    public string? Root { get; init; }

    /// <summary>Whether an absent set may be downloaded into the user's cache. Default true.</summary>
    public bool MayDownload { get; init; } = true;

    /// <summary>Hears how a download goes, or null.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }

    /// <summary>The user's cache: <c>~/.local/share/distillsharp/data</c> or the platform's counterpart.</summary>
    public static string UserCache =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "distillsharp", "data");

    /// <summary>Where downloads go; another folder than the user's cache in tests.</summary>
    internal string Cache { get; init; } = UserCache;

    /// <summary>The folders to look in, best first.</summary>
    public IReadOnlyList<string> Roots =>
        [.. new[] { Root, Environment.GetEnvironmentVariable("DISTILLSHARP_DATA"), Cache }.Where(root => !string.IsNullOrEmpty(root)).Select(root => root!)];
}

/// <summary>How far a download is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Received">Bytes so far, resumed ones included.</param>
/// <param name="Total">Bytes in all, or null if the server does not say.</param>
public sealed record DownloadProgress(string File, long Received, long? Total);
