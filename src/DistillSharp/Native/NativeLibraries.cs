using DistillSharp.Runtime.Native;
using DistillSharp.Tasks.Native;

namespace DistillSharp.Native;

/// <summary>
/// The native libraries that a program brings along as packages: the libraries here reference none of them. Whole jobs ask for all that they need before any work, so that one message names every
/// missing package.
/// </summary>
public static class NativeLibraries
{
    /// <summary>Every native library that some part of DistillSharp needs.</summary>
    public static IReadOnlyList<NativeBackend> All { get; } = [NativeTorch.Backend, NativeOnnxRuntime.Backend, NativeSkia.Backend];

    /// <summary>For a run: it trains, evaluates, and draws its report.</summary>
    /// <exception cref="DllNotFoundException">A library is missing or does not fit; the message names the packages.</exception>
    internal static void EnsureForRun() => NativeBackend.Ensure([.. All]);

    /// <summary>For training alone, which evaluates after each epoch.</summary>
    /// <exception cref="DllNotFoundException">A library is missing or does not fit; the message names the packages.</exception>
    internal static void EnsureForTraining() => NativeBackend.Ensure([NativeTorch.Backend, NativeOnnxRuntime.Backend], NativeSkia.Backend);

    /// <summary>For a detector in use, without training.</summary>
    /// <exception cref="DllNotFoundException">A library is missing or does not fit; the message names the packages.</exception>
    internal static void EnsureForDetector() => NativeBackend.Ensure([NativeOnnxRuntime.Backend, NativeSkia.Backend], NativeTorch.Backend);
}
