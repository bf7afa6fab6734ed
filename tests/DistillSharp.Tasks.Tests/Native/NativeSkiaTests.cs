using System.Xml.Linq;
using DistillSharp.Tasks.Native;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Native;

public class NativeSkiaTests
{
    private static readonly string s_version = XDocument.Load(Path.Combine(SharedFolder.RepositoryRoot, "Directory.Packages.props")).Descendants("SkiaSharpVersion").Single().Value;

    [Fact]
    public void The_library_that_the_tests_bring_loads_and_fits()
    {
        NativeSkia.EnsureLoaded();
        Assert.Null(NativeSkia.Backend.Probe());

        // SkiaSharp's minor version is the milestone of its native library.
        Assert.Equal(Version.Parse(s_version).Minor, NativeSkia.Version.Major);
    }

    [Theory]
    [InlineData("linux-x64", "SkiaSharp.NativeAssets.Linux.NoDependencies")]
    [InlineData("linux-arm64", "SkiaSharp.NativeAssets.Linux.NoDependencies")]
    [InlineData("win-x64", "SkiaSharp.NativeAssets.Win32")]
    [InlineData("osx-arm64", "SkiaSharp.NativeAssets.macOS")]
    [InlineData("freebsd-x64", null)]
    public void Each_platform_has_its_package_in_the_version_of_the_build(string platform, string? package)
    {
        var found = NativePackage.Find(typeof(NativeSkia).Assembly, "skia", platform);
        Assert.Equal(package is null ? null : new NativePackage(package, s_version), found);
    }

    [Fact]
    public void The_package_that_fits_this_program_follows_the_SkiaSharp_in_use() =>
        Assert.Equal($"dotnet add package {NativePackage.Find(typeof(NativeSkia).Assembly, "skia")!.Id} --version {s_version}", NativeSkia.Backend.Package!.Command);
}
