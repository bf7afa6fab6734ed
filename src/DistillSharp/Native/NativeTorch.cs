using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using DistillSharp.Runtime.Native;
using DistillSharp.Tasks.Native;
using TorchSharp;

namespace DistillSharp.Native;

/// <summary>
/// Makes libtorch load where TorchSharp's own loading fails for one reason: its bridge library asks for the symbol version
/// <c>GLIBCXX_3.4.32</c>, which Debian 12, Ubuntu 22.04 and RHEL 9 do not have, without using it. On Linux it also lets libtorch's threads sleep early, and the process keep the memory that libtorch frees
/// (docs/log.md); settings of the environment go first: OMP_WAIT_POLICY, GOMP_SPINCOUNT, MALLOC_TRIM_THRESHOLD_, GLIBC_TUNABLES.
/// </summary>
public static class NativeTorch
{
    private static readonly string[] s_needed = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];
    private static readonly Lock s_gate = new();
    private static NativeTorchStatus? s_status;

    /// <summary>The library, and the package that fits.</summary>
    public static NativeBackend Backend { get; } = new("libtorch", "training", () => NativePackage.Find(typeof(NativeTorch).Assembly, "torch"), Probe);

    /// <summary>How libtorch was loaded, or null if nothing asked for it yet.</summary>
    public static NativeTorchStatus? Status => s_status;

    /// <summary>What is slower or reduced on this machine, and why; empty where nothing is. Loads libtorch.</summary>
    public static IReadOnlyList<string> Remarks
    {
        get
        {
            EnsureLoaded();
            return [.. new[] { CacheTopology.Remark, ConvolutionCheck.Remark }.OfType<string>()];
        }
    }

    /// <summary>Loads libtorch once; further calls return at once. Call it before using TorchSharp directly.</summary>
    /// <exception cref="DllNotFoundException">libtorch is missing, does not load or is of another version; the message names the packages that fit.</exception>
    public static NativeTorchStatus EnsureLoaded()
    {
        if (s_status is { } done)
        {
            return done;
        }

        NativeBackend.Ensure([Backend], NativeOnnxRuntime.Backend, NativeSkia.Backend);
        return s_status!;
    }

    private static string? Probe()
    {
        lock (s_gate)
        {
            return s_status is null ? Load() : null;
        }
    }

    private static string? Load()
    {
        SpinBriefly();
        FreeMemory.Keep();
        CacheTopology.LimitKernels();

        // Asked first: where libtorch is missing, TorchSharp prints pages and copies what it finds in the package cache.
        string library = OperatingSystem.IsWindows() ? "torch_cpu" : "libtorch_cpu";
        if (!NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out nint loaded) && !(NativeFile.Find(library, Beside) is { } path && NativeLibrary.TryLoad(path, out loaded)))
        {
            return NativeFile.WhyNot(library);
        }

        if (OtherVersion(loaded) is { } other)
        {
            return other;
        }

        string? copy = null;
        if (OperatingSystem.IsLinux() && NativeFile.Find("libLibTorchSharp", Beside) is { } bridge && !LoadsAsItIs(bridge, out string reason))
        {
            if (!reason.Contains(CompatibilityCopy.Version, StringComparison.Ordinal))
            {
                return $"does not load from '{bridge}': {LastLine(reason)}";
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
            return $"does not load: {(error.InnerException ?? error).Message.Split('\n')[0]}";
        }

        s_status = copy is null ? NativeTorchStatus.Ordinary : new(copy);
        return null;
    }

    /// <summary>The version of a loaded libtorch; null for one so old that it does not tell.</summary>
    /// <param name="library">The handle of libtorch_cpu.</param>
    internal static Version? VersionOf(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out nint address))
        {
            return null;
        }

        // Major, minor and patch version are the first three bytes.
        ulong told = Marshal.GetDelegateForFunctionPointer<VersionTeller>(address)();
        return new((int)(told >> 56), (int)((told >> 48) & 0xFF), (int)((told >> 40) & 0xFF));
    }

    /// <summary>What is wrong with a version of libtorch: TorchSharp works with one minor version. Null if nothing is, or nobody knows.</summary>
    /// <param name="found">The version that was loaded.</param>
    /// <param name="needed">The version that this library was built against.</param>
    internal static string? Mismatch(Version? found, Version needed) =>
        found is null || (found.Major, found.Minor) == (needed.Major, needed.Minor) ? null : $"is version {found}, and version {needed.ToString(2)} is needed";

    private static string? OtherVersion(nint library)
    {
        // A program may bring another TorchSharp than the one this library was built against, and then needs another libtorch.
        var used = typeof(torch).Assembly.GetName();
        bool asBuilt = typeof(NativeTorch).Assembly.GetReferencedAssemblies().Any(name => name.Name == used.Name && name.Version == used.Version);
        return asBuilt && Backend.Package is { } package ? Mismatch(VersionOf(library), Version.Parse(package.Version)) : null;
    }

    /// <summary>
    /// libtorch's threads wait for each other by spinning: beside other work an epoch then takes many times as long (docs/log.md). A
    /// short spin lets them sleep. Read by the OpenMP runtime when it is loaded; a user's own setting stays.
    /// </summary>
    private static void SpinBriefly()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            NativeEnvironment.SetDefault("GOMP_SPINCOUNT", "2000");
        }
    }

    /// <summary>The folder of TorchSharp itself, where it is not the program's own.</summary>
    private static string Beside => Path.GetDirectoryName(Assembly.GetAssembly(typeof(torch))!.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory;

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

    private static string LastLine(string reason) => reason.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate ulong VersionTeller();
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
