using System.Runtime.CompilerServices;
using DistillSharp.Native;
using TorchSharp;

namespace DistillSharp.Tests.Native;

/// <summary>The collector must not free a number while libtorch reads it.</summary>
public sealed class NumberTests
{
    public NumberTests() => NativeTorch.EnsureLoaded();

    [Fact]
    public void A_number_handed_over_is_held_though_nothing_else_refers_to_it()
    {
        var number = Unreferenced(0.25);

        Collect();

        Assert.True(number.TryGetTarget(out var alive));
        using var tensor = torch.ones(3);
        using var product = tensor.mul(alive);
        Assert.Equal(0.75f, product.sum().item<float>());
    }

    [Fact]
    public void Numbers_are_let_go_long_after_their_call()
    {
        var number = Unreferenced(0.25);

        for (int i = 0; i < 1000; i++)
        {
            _ = Number.Of(i);
        }

        Collect();
        Assert.False(number.TryGetTarget(out _));
    }

    [Fact]
    public void Whole_numbers_keep_whole_tensors_whole()
    {
        using var tensor = torch.tensor(new long[] { 1, 2 });
        using var sum = tensor.add(Number.Of(long.MaxValue - 2));

        Assert.Equal(torch.ScalarType.Int64, sum.dtype);
        Assert.Equal([long.MaxValue - 1, long.MaxValue], sum.data<long>().ToArray());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Scalar> Unreferenced(double value) => new(Number.Of(value));

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
