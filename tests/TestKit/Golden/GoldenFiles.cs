using Xunit;

namespace DistillSharp.TestKit.Golden;

/// <summary>The golden cases of a kind, whatever they are called and however many there are.</summary>
public static class GoldenFiles
{
    /// <summary>Every file of a kind in a folder of the golden numbers, by name; skips the test where they are absent and fails it where there is no such file.</summary>
    /// <param name="folder">The folder: <c>yolo</c>.</param>
    /// <param name="pattern">The pattern of the files' names: <c>nms*.npz</c>.</param>
    /// <param name="search">Whether the folders below are searched too.</param>
    public static IReadOnlyList<string> Of(string folder, string pattern, SearchOption search = SearchOption.TopDirectoryOnly) => In(SharedFolder.Golden(folder), pattern, search);

    /// <summary>Every file of a kind in a folder, by name; fails where there is none.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="pattern">The pattern of the files' names.</param>
    /// <param name="search">Whether the folders below are searched too.</param>
    public static IReadOnlyList<string> In(string folder, string pattern, SearchOption search = SearchOption.TopDirectoryOnly)
    {
        string[] files = [.. Directory.GetFiles(folder, pattern, search).Order(StringComparer.Ordinal)];
        Assert.True(files.Length > 0, $"'{folder}' holds no golden case '{pattern}'.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{files.Length} golden cases '{pattern}'");
        return files;
    }
}
