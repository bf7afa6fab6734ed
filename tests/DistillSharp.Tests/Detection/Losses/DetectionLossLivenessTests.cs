using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Detection.Losses;

/// <summary>What a step makes on the native heap is gone after it, however it ends.</summary>
[Collection(Alone.Name)]
public sealed class DetectionLossLivenessTests
{
    [Theory]
    [InlineData(true, ScalarType.Float32)]
    [InlineData(false, ScalarType.Float32)]
    [InlineData(true, ScalarType.Float16)]
    public void After_a_step_the_live_tensors_are_those_before(bool boxes, ScalarType type)
    {
        using var scene = new LossScene(boxes ? LossScene.ThreeBoxes : [], type: type);
        Step(scene);
        long before = Tensor.TotalCount;

        Step(scene);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void After_a_refusal_too()
    {
        using var scene = new LossScene(LossScene.ThreeBoxes);
        using (no_grad())
        {
            scene.Maps[0].fill_(double.NaN);
        }

        long before = Tensor.TotalCount;

        Assert.Throws<ArithmeticException>(() => scene.Compute());

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static void Step(LossScene scene)
    {
        using var value = scene.Compute();
        value.Total.backward();
    }
}
