using System.Runtime.Intrinsics.X86;
using DistillSharp.Tasks.Native;

namespace DistillSharp.Native;

/// <summary>
/// Whether the processor tells the sizes of its caches, as some virtual machines do not. libtorch's oneDNN plans its AVX2 and AVX-512 kernels by them: without them it divides by zero in strided
/// convolutions (seen with libtorch 2.10 on AMD family 26). Its AVX kernels do not need them.
/// </summary>
internal static class CacheTopology
{
    private const string Setting = "ONEDNN_MAX_CPU_ISA";
    private const int IntelCaches = 4, AmdCaches = unchecked((int)0x8000001D), HighestAmd = unchecked((int)0x80000000);

    /// <summary>Whether the processor is of x86 and tells no cache.</summary>
    public static bool IsHidden { get; } = X86Base.IsSupported && !Tells(IntelCaches) && ((uint)X86Base.CpuId(HighestAmd, 0).Eax < unchecked((uint)AmdCaches) || !Tells(AmdCaches));

    /// <summary>Limits oneDNN to AVX where caches are hidden. Read when libtorch first computes; a user's own setting stays.</summary>
    public static void LimitKernels()
    {
        if (IsHidden)
        {
            NativeEnvironment.SetDefault(Setting, "AVX");
        }
    }

    /// <summary>What to tell people about it; null where there is nothing to tell.</summary>
    public static string? Remark => IsHidden
        ? $"This machine hides the sizes of its caches, so libtorch is limited to AVX kernels, which are correct but slower. Set {Setting} to override this."
        : null;

    /// <summary>Whether the first cache of a cpuid leaf has a type.</summary>
    private static bool Tells(int leaf) => (X86Base.CpuId(leaf, 0).Eax & 0x1f) != 0;
}
