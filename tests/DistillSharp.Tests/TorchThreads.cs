using DistillSharp.Native;
using DistillSharp.Tests;
using TorchSharp;

[assembly: AssemblyFixture(typeof(TorchThreads))]

namespace DistillSharp.Tests;

/// <summary>Loads libtorch before the first test and keeps it to one thread: tests run beside each other, and sums keep one order.</summary>
public sealed class TorchThreads
{
    public TorchThreads()
    {
        NativeTorch.EnsureLoaded();
        torch.set_num_threads(1);
    }
}

/// <summary>Tests that count tensors or memory of the whole process, or compare bits: nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
