using DistillSharp.Execution.Operators;
using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Tests.Execution.Operators;

/// <summary>On some processors libtorch's convolutions are wrong where channels are not a multiple of 16; what the executor runs must be right everywhere.</summary>
public sealed class ConvolutionPaddingTests
{
    public static TheoryData<long, long, long, bool, long> Cases
    {
        get
        {
            var cases = new TheoryData<long, long, long, bool, long>();
            foreach (var (from, to) in new (long, long)[] { (1, 8), (3, 16), (6, 16), (8, 8), (16, 24), (24, 16), (24, 24), (40, 20), (16, 16) })
            {
                foreach (long kernel in new long[] { 1, 3 })
                {
                    foreach (long side in new long[] { 1, 7 })
                    {
                        cases.Add(from, to, kernel, false, side);
                        cases.Add(from, to, kernel, true, side);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_convolution_of_float32_agrees_with_float64(long from, long to, long kernel, bool transposed, long side)
    {
        NativeTorch.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        Tensor x = randn([4, from, side, side], dtype: ScalarType.Float64, generator: generator), weight = randn(transposed ? [from, to, kernel, kernel] : [to, from, kernel, kernel], dtype: ScalarType.Float64, generator: generator);
        var convolve = ConvolutionPadding.Guard((x, weight, _) => transposed ? conv_transpose2d(x, weight, null, [1, 1], [0, 0], [0, 0]) : conv2d(x, weight, null, [1, 1], [1, 1]), 1, transposed);

        Tensor[] Run(ScalarType type)
        {
            Tensor input = x.to(type, copy: true).requires_grad_(true), filters = weight.to(type, copy: true).requires_grad_(true);
            var y = convolve(input, filters, null);
            y.square().sum().backward();
            return [y.detach(), input.grad!, filters.grad!];
        }

        foreach (var (found, expected) in Run(ScalarType.Float32).Zip(Run(ScalarType.Float64)))
        {
            Assert.True(found.to(ScalarType.Float64).sub(expected).abs().max().ToDouble() <= 1e-5 * expected.abs().max().ToDouble(), $"{from} to {to} channels, kernel {kernel}, side {side}");
        }
    }
}
