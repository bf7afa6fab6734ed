using System.Globalization;
using DistillSharp.Native;
using TorchSharp;

namespace DistillSharp.Execution;

/// <summary>The device that trains: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>.</summary>
public static class TrainingDevice
{
    private const string Cuda = "cuda";

    /// <summary>Whether a text is a device's name; the device need not be there.</summary>
    /// <param name="name">The text.</param>
    public static bool IsName(string name) => name is "cpu" or Cuda || IndexOf(name) is not null;

    /// <summary>Proves that a device is there, before any work.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="InvalidOperationException">It is not; the message says what there is.</exception>
    public static void EnsureThere(string name)
    {
        if (name == "cpu")
        {
            return;
        }

        NativeTorch.EnsureLoaded();
        int count = torch.cuda_is_available() ? torch.cuda.device_count() : 0;
        if (count == 0)
        {
            throw new InvalidOperationException(
                $"The device '{name}' cannot train: libtorch finds no CUDA on this machine, or this build has none. Train on the processor (--device cpu), or build with DistillGpu=true where there is a GPU.");
        }

        if (IndexOf(name) is { } index && index >= count)
        {
            throw new InvalidOperationException($"The device '{name}' is not there: this machine has {count}, {Cuda}:0 to {Cuda}:{count - 1}.");
        }
    }

    private static int? IndexOf(string name) =>
        name.StartsWith(Cuda + ":", StringComparison.Ordinal) && int.TryParse(name.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : null;
}
