using DistillSharp.Tasks.Native;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Native;

public class NativeFileTests
{
    private static string Ending => OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";

    [Fact]
    public void A_library_is_found_beside_the_program_or_under_its_platform()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(NativeFile.Find("libdistillsharp-test", folder.Path));
        string path = folder.Write(Path.Combine("runtimes", NativePackage.Platform, "native", "libdistillsharp-test" + Ending), "no library");
        Assert.Equal(path, NativeFile.Find("libdistillsharp-test", folder.Path));
        path = folder.Write("libdistillsharp-test" + Ending, "no library");
        Assert.Equal(path, NativeFile.Find("libdistillsharp-test", folder.Path));
    }

    [Fact]
    public void What_is_not_there_is_missing_and_what_does_not_load_says_why()
    {
        Assert.Equal("is missing", NativeFile.WhyNot("libdistillsharp-absent"));
        string path = Path.Combine(AppContext.BaseDirectory, "libdistillsharp-broken" + Ending);
        File.WriteAllText(path, "no library");
        try
        {
            string reason = NativeFile.WhyNot("libdistillsharp-broken");
            Assert.StartsWith("does not load: ", reason, StringComparison.Ordinal);
            Assert.Contains("libdistillsharp-broken", reason, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
