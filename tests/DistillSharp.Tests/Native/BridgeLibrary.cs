namespace DistillSharp.Tests.Native;

/// <summary>TorchSharp's own bridge library as it was installed.</summary>
internal static class BridgeLibrary
{
    /// <summary>Finds the file where the host looks for native libraries; skips the test elsewhere than on Linux.</summary>
    public static string Find()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The bridge library is an ELF file on Linux only: run this test there.");
        string told = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string? found = told.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .SelectMany(root => new[] { root, Path.Combine(root, "runtimes", "linux-x64", "native") })
            .Select(root => Path.Combine(root, "libLibTorchSharp.so"))
            .FirstOrDefault(File.Exists);
        Assert.True(found is not null, $"libLibTorchSharp.so is in none of {told}");
        return found;
    }
}
