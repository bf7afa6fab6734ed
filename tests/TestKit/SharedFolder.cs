using Xunit;

namespace DistillSharp.TestKit;

/// <summary>Real data and independently computed numbers that lie beside a checkout, not in it. The variables are read once, when the tests start.</summary>
public static class SharedFolder
{
    private const string GoldenVariable = "DISTILLSHARP_GOLDEN";

    /// <summary>The variable that names the folder of the real data; the library reads it too.</summary>
    internal const string DataVariable = "DISTILLSHARP_DATA";

    private static readonly string? s_golden = Environment.GetEnvironmentVariable(GoldenVariable), s_data = Environment.GetEnvironmentVariable(DataVariable);

    /// <summary>The repository's root.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Whether the golden numbers are those beside the checkout, whose number of cases is known.</summary>
    public static bool IsDefaultGolden => string.IsNullOrEmpty(s_golden);

    /// <summary>The folder of the golden numbers, whether it exists or not.</summary>
    public static string GoldenRoot => IsDefaultGolden ? DefaultGoldenRoot : Path.GetFullPath(s_golden!);

    /// <summary>The folder of the golden numbers beside the checkout, whether it exists or not.</summary>
    public static string DefaultGoldenRoot => Beside("golden");

    /// <summary>Why a test that needs the golden numbers is skipped; null where they are present.</summary>
    public static string? GoldenIsAbsent => Absent("golden numbers", GoldenVariable, GoldenRoot);

    /// <summary>A path below the golden numbers; skips the test where they are absent.</summary>
    /// <param name="parts">The path's parts.</param>
    public static string Golden(params string[] parts) => Under("Golden", GoldenIsAbsent, GoldenRoot, parts);

    /// <summary>A path below the real data sets; skips the test where they are absent.</summary>
    /// <param name="parts">The path's parts.</param>
    public static string Data(params string[] parts)
    {
        string root = string.IsNullOrEmpty(s_data) ? Beside("data") : Path.GetFullPath(s_data);
        return Under("Data", Absent("data sets", DataVariable, root), root, parts);
    }

    /// <summary>The message of a test that is skipped because a folder is absent; null where it exists.</summary>
    /// <param name="what">What the folder holds.</param>
    /// <param name="variable">The variable that names it.</param>
    /// <param name="root">The folder.</param>
    public static string? Absent(string what, string variable, string root) =>
        Directory.Exists(root) ? null : $"The {what} are absent: the folder '{root}' does not exist. Set {variable} to their folder to run this test.";

    private static string Under(string category, string? absent, string root, string[] parts)
    {
        // The check without the folders runs these categories alone.
        Assert.True(
            TestContext.Current.Test?.Traits is not { } traits || (traits.TryGetValue("Category", out var categories) && (categories.Contains("Golden") || categories.Contains("Data"))),
            $"A test that reads the shared folder needs the trait Category={category}.");
        Assert.SkipUnless(absent is null, absent ?? "");
        string path = Path.Combine([root, .. parts]);
        Assert.True(Path.Exists(path), $"'{path}' is missing, though '{root}' exists.");
        return path;
    }

    private static string Beside(string name) => Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", name));

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
