using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace DistillSharp.Native;

/// <summary>
/// Makes libtorch load where TorchSharp's own loading fails for one reason: its bridge library asks for the symbol version
/// <c>GLIBCXX_3.4.32</c>, which Debian 12, Ubuntu 22.04 and RHEL 9 do not have, without using it. On Linux it also lets libtorch's threads sleep early, and the process keep the memory that libtorch frees
/// (docs/log.md); settings of the environment go first: OMP_WAIT_POLICY, GOMP_SPINCOUNT, MALLOC_TRIM_THRESHOLD_, GLIBC_TUNABLES.
/// </summary>
public static class NativeTorch
{
    private const string Bridge = "libLibTorchSharp.so";
    private static readonly string[] s_needed = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];
    private static readonly Lock s_gate = new();
    private static NativeTorchStatus? s_status;

    /// <summary>How libtorch was loaded, or null if nothing asked for it yet.</summary>
    public static NativeTorchStatus? Status => s_status;

    /// <summary>Loads libtorch once; further calls return at once. Call it before using TorchSharp directly.</summary>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded; the message says what to install.</exception>
    public static NativeTorchStatus EnsureLoaded()
    {
        if (s_status is { } done)
        {
            return done;
        }

        lock (s_gate)
        {
            return s_status ??= Load();
        }
    }

    private static NativeTorchStatus Load()
    {
        SpinBriefly();
        FreeMemory.Keep();
        string? copy = null;
        if (OperatingSystem.IsLinux() && FindBridge() is { } bridge && !LoadsAsItIs(bridge, out string reason))
        {
            if (!reason.Contains(CompatibilityCopy.Version, StringComparison.Ordinal))
            {
                throw new DllNotFoundException($"libtorch cannot be loaded from '{bridge}': {reason}");
            }

            copy = CompatibilityCopy.Make(bridge);
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name.Contains("LibTorchSharp", StringComparison.Ordinal) ? NativeLibrary.Load(copy) : 0;
        }

        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception error) when (error is TypeInitializationException or NotSupportedException or DllNotFoundException)
        {
            throw new DllNotFoundException(
                $"libtorch cannot be loaded ({(error.InnerException ?? error).Message.Split('\n')[0]}). Reference the package libtorch-cpu-linux-x64, libtorch-cpu-win-x64 or libtorch-cpu-osx-arm64 in the application.", error);
        }

        return copy is null ? NativeTorchStatus.Ordinary : new(copy);
    }

    /// <summary>
    /// libtorch's threads wait for each other by spinning: beside other work an epoch then takes many times as long (docs/log.md). A
    /// short spin lets them sleep. Read by the OpenMP runtime when it is loaded; a user's own setting stays.
    /// </summary>
    private static void SpinBriefly()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            _ = SetEnvironment("GOMP_SPINCOUNT", "2000", overwrite: 0);
        }
    }

    /// <summary>The process's own environment: .NET's copy does not reach native libraries.</summary>
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SetEnvironment(string name, string value, int overwrite);

    /// <summary>Where the bridge library lies: beside the application, under its runtimes, or where the host was told to look.</summary>
    private static string? FindBridge()
    {
        string told = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string beside = Path.GetDirectoryName(Assembly.GetAssembly(typeof(torch))!.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory;
        string rid = $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return told.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(new[] { AppContext.BaseDirectory, beside }.SelectMany(root => new[] { root, Path.Combine(root, "runtimes", rid, "native") }))
            .Select(root => Path.Combine(root, Bridge))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Loads what the bridge needs, by full path and in order, then the bridge itself.</summary>
    private static bool LoadsAsItIs(string bridge, out string reason)
    {
        reason = "";
        string folder = Path.GetDirectoryName(bridge)!;
        try
        {
            foreach (string library in s_needed.Select(name => Path.Combine(folder, name)).Where(File.Exists))
            {
                NativeLibrary.Load(library);
            }

            NativeLibrary.Load(bridge);
            return true;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            reason = error.Message;
            return false;
        }
    }
}

/// <summary>How libtorch was loaded.</summary>
/// <param name="CompatibilityCopy">The patched copy of the bridge library that is in use, or null where the ordinary one loads.</param>
public sealed record NativeTorchStatus(string? CompatibilityCopy)
{
    /// <summary>The ordinary library.</summary>
    public static NativeTorchStatus Ordinary { get; } = new((string?)null);

    /// <summary>One line for people.</summary>
    public string Description => CompatibilityCopy is null
        ? "ordinary"
        : $"compatibility copy (this system has no GLIBCXX_3.4.32; nothing uses it): {CompatibilityCopy}";
}
