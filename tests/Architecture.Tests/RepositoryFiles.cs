using DistillSharp.TestKit;

namespace Architecture.Tests;

/// <summary>The repository's own files: what is made by a build or a run is left out.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] s_made = ["bin", "obj", "runs", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", ".git", ".vs", ".idea"];
    private static readonly string[] s_text = [".cs", ".csproj", ".props", ".targets", ".slnx", ".md", ".yaml", ".yml", ".json", ".sh", ".proto", ".css", ".html", ".txt", ".editorconfig", ".gitignore"];

    /// <summary>Every file, with <c>/</c> in its path relative to the root.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enumerate(SharedFolder.RepositoryRoot).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> Sources(string folder) => All.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<string> Texts => All.Where(path => s_text.Contains(Path.GetExtension(path)) || Path.GetExtension(path).Length == 0);

    public static string Read(string path) => File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, path));

    private static IEnumerable<string> Enumerate(string folder) =>
        Directory.EnumerateFiles(folder)
            .Concat(Directory.EnumerateDirectories(folder).Where(inner => !s_made.Contains(Path.GetFileName(inner))).SelectMany(Enumerate))
            .Select(path => Path.IsPathRooted(path) ? Path.GetRelativePath(SharedFolder.RepositoryRoot, path).Replace('\\', '/') : path)
            .Where(path => path != ".git");
}
