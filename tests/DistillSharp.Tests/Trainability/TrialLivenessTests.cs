using DistillSharp.Graph;
using DistillSharp.Native;
using DistillSharp.TestKit.Handwritten;
using DistillSharp.Trainability;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Trainability;

/// <summary>A proof leaves nothing on the native heap, whatever it came to.</summary>
[Collection(Alone.Name)]
public sealed class TrialLivenessTests
{
    [Theory]
    [InlineData("Relu", TrainabilityVerdict.Proved)]
    [InlineData("Sqrt", TrainabilityVerdict.Refused)]
    [InlineData("ArgMax", TrainabilityVerdict.Refused)]
    [InlineData("Reshape", TrainabilityVerdict.Refused)]
    public void The_live_tensors_are_those_before(string last, TrainabilityVerdict expected)
    {
        NativeTorch.EnsureLoaded();
        var sketch = new Sketch().Input("x", Dimension.Named("batch"), 4).Weight("w", 4, 3).Constant("zeros", TensorData.Create<float>(new float[9], 3, 3), trainable: true)
            .Node("MatMul", "x,w", "h").Node("MatMul", "h,zeros", "z").Node("Add", "h,z", "s");
        sketch = last switch
        {
            // [2, 3] cannot become [5, 5], which only shows when it is run.
            "Reshape" => sketch.Input("dims", ElementType.Int64, 2).Longs("five", 5, 5).Node("Add", "dims,five", "to").Node("Reshape", "s,to", "y").Output("y"),
            "ArgMax" => sketch.Node(last, "s", "y").Output("y", ElementType.Int64),
            _ => sketch.Node(last, "s", "y").Output("y"),
        };
        TrainabilityProof.Of(sketch.Graph);
        long before = Tensor.TotalCount;

        Assert.Equal(expected, TrainabilityProof.Of(sketch.Graph).Verdict);

        Assert.Equal(before, Tensor.TotalCount);
    }
}
