using DistillSharp.Execution;
using DistillSharp.Graph;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution.Operators;

public sealed class ResizesTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    [InlineData(3, 2)]
    public void Nearest_pixels_become_squares_and_their_gradients_come_together(int factor, int pictures)
    {
        var graph = Nearest(factor, pictures).Graph;
        using var executor = new GraphExecutor(graph);
        using var x = arange(pictures * 6).to(ScalarType.Float32).reshape(pictures, 1, 2, 3).requires_grad_();
        using var values = executor.Train(x, step: 0);
        using var sum = values["y0"].sum();
        sum.backward();

        Assert.Equal([pictures, 1, 2 * factor, 3 * factor], values["y0"].shape);
        for (int i = 0; i < values["y0"].numel(); i++)
        {
            int column = i % (3 * factor) / factor, row = i / (3 * factor) % (2 * factor) / factor, picture = i / (6 * factor * factor);
            Assert.Equal((picture * 6) + (row * 3) + column, values["y0"].data<float>()[i]);
        }

        Assert.All(x.grad!.data<float>(), slope => Assert.Equal(factor * factor, slope));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Nearest_pixels_agree_with_the_session_and_with_differences(int factor)
    {
        Nearest(factor, 2).AgreesWithTheSession();
        Nearest(factor, 2).GradientsAgreeWithDifferences();
    }

    private static OneNode Nearest(int factor, int pictures) => new OneNode("Resize", pictures, 1, 2, 3).LeftOut().Numbers(1, 1, factor, factor)
        .Text("mode", "nearest").Text("coordinate_transformation_mode", "asymmetric").Text("nearest_mode", "floor");
}
