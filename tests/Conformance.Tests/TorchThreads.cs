using DistillSharp.Native;
using TorchSharp;

[assembly: AssemblyFixture(typeof(Conformance.Tests.TorchThreads))]

namespace Conformance.Tests;

/// <summary>Loads libtorch before the first test and keeps it to one thread: tests run beside each other.</summary>
public sealed class TorchThreads
{
    public TorchThreads()
    {
        NativeTorch.EnsureLoaded();
        torch.set_num_threads(1);
    }
}

/// <summary>Tests that count tensors of the whole process: nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
