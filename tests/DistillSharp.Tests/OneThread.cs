using DistillSharp.Native;
using DistillSharp.Tests;

[assembly: AssemblyFixture(typeof(OneThread))]

namespace DistillSharp.Tests;

/// <summary>
/// One thread for libtorch, before the first test: test classes run side by side, and results must not depend on when one of
/// them starts a run, which sets the number for the whole process.
/// </summary>
public sealed class OneThread
{
    /// <summary>Sets the number.</summary>
    public OneThread()
    {
        NativeTorch.EnsureLoaded();
        TorchSharp.torch.set_num_threads(1);
    }
}
