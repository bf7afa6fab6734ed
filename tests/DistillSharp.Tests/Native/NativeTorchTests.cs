using System.Runtime.InteropServices;
using System.Xml.Linq;
using DistillSharp.Native;
using DistillSharp.Tasks.Native;
using DistillSharp.TestKit;
using TorchSharp;

namespace DistillSharp.Tests.Native;

public sealed class NativeTorchTests
{
    [Fact]
    public void The_status_says_which_library_is_in_use()
    {
        var status = NativeTorch.EnsureLoaded();

        using var two = torch.ones(2);
        using var sum = two.sum();
        Assert.Equal(2, sum.ToSingle());
        Assert.Same(status, NativeTorch.Status);
        Assert.Same(status, NativeTorch.EnsureLoaded());

        // What the process has mapped is the truth the status must agree with.
        Assert.SkipUnless(File.Exists("/proc/self/maps"), "/proc/self/maps is absent: run this test on Linux.");
        string[] mapped = [.. File.ReadLines("/proc/self/maps").Where(line => line.EndsWith("libLibTorchSharp.so", StringComparison.Ordinal)).Select(line => line[line.IndexOf('/')..]).Distinct()];
        if (status.CompatibilityCopy is { } copy)
        {
            Assert.Contains(copy, mapped);
            Assert.Contains(copy, status.Description, StringComparison.Ordinal);
            Assert.Contains("GLIBCXX_3.4.32", status.Description, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("ordinary", status.Description);
            Assert.DoesNotContain(mapped, path => path.StartsWith(CompatibilityCopy.CacheFolder, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Threads_spin_only_briefly_while_they_wait()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The OpenMP runtime of Linux is absent: run this test on Linux.");
        Assert.SkipUnless(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null, "OMP_WAIT_POLICY is set, and the user's choice stands: unset it to run this test.");

        NativeTorch.EnsureLoaded();

        string expected = Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") ?? "2000";
        Assert.Equal(expected, Marshal.PtrToStringUTF8(GetEnvironment("GOMP_SPINCOUNT")));
    }

    [Fact]
    public void The_library_tells_the_version_that_is_built_against()
    {
        NativeTorch.EnsureLoaded();
        Assert.True(NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out nint library));
        string needed = XDocument.Load(Path.Combine(SharedFolder.RepositoryRoot, "Directory.Packages.props")).Descendants("LibTorchVersion").Single().Value;
        Assert.Equal(Version.Parse(needed), NativeTorch.VersionOf(library));
        Assert.Equal(needed, NativeTorch.Backend.Package!.Version);
        Assert.Null(NativeTorch.Backend.Probe());
    }

    [Theory]
    [InlineData("2.10.0", null)]
    [InlineData("2.10.3", null)]
    [InlineData(null, null)]
    [InlineData("2.9.1", "is version 2.9.1, and version 2.10 is needed")]
    [InlineData("2.11.0", "is version 2.11.0, and version 2.10 is needed")]
    public void Another_minor_version_does_not_fit(string? found, string? problem) => Assert.Equal(problem, NativeTorch.Mismatch(found is null ? null : Version.Parse(found), new(2, 10, 0)));

    [Theory]
    [InlineData("linux-x64", "libtorch-cpu-linux-x64")]
    [InlineData("win-x64", "libtorch-cpu-win-x64")]
    [InlineData("osx-arm64", "libtorch-cpu-osx-arm64")]
    [InlineData("linux-arm64", null)]
    public void Each_platform_has_its_package(string platform, string? package) => Assert.Equal(package, NativePackage.Find(typeof(NativeTorch).Assembly, "torch", platform)?.Id);

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint GetEnvironment(string name);
}
