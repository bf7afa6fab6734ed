using System.Runtime.InteropServices;
using DistillSharp.Native;
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

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint GetEnvironment(string name);
}
