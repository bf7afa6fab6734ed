using Xunit;

namespace DistillSharp.TestKit;

/// <summary>Real data and independently computed numbers that lie beside a checkout, not in it.</summary>
public static class SharedFolder
{
    /// <summary>The repository's root.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The golden numbers; skips the test where they are absent.</summary>
    /// <param name="parts">A path below the folder.</param>
    public static string Golden(params string[] parts) => Under("DISTILLSHARP_GOLDEN", "golden", parts);

    /// <summary>The real data sets; skips the test where they are absent.</summary>
    /// <param name="parts">A path below the folder.</param>
    public static string Data(params string[] parts) => Under("DISTILLSHARP_DATA", "data", parts);

    private static string Under(string variable, string name, string[] parts)
    {
        string root = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } told ? told : Path.Combine(RepositoryRoot, "..", "shared", name);
        Assert.SkipUnless(Directory.Exists(root), $"The folder '{name}' is not beside this checkout; set {variable} to run this test.");
        string path = Path.Combine([Path.GetFullPath(root), .. parts]);
        Assert.True(Path.Exists(path), $"'{path}' is missing, though '{root}' exists.");
        return path;
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "DistillSharp.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
