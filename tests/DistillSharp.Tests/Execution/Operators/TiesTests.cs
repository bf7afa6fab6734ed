using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.TestKit.Handwritten;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution.Operators;

/// <summary>
/// Gradients where a function has a corner. Expected are PyTorch's: torch.clamp passes the gradient on at its bounds, Hardsigmoid, Hardtanh and threshold do not,
/// maximum and minimum halve it between equals, amax shares it evenly, prelu and leaky_relu take the slope at 0, elu and selu the branch of x ≤ 0.
/// </summary>
public sealed class TiesTests
{
    [Theory]
    [InlineData("Relu", 0, 0)]
    [InlineData("LeakyRelu", 0, 0.1, "alpha", 0.1)]
    [InlineData("Elu", 0, 2, "alpha", 2)]
    [InlineData("Celu", 0, 1, "alpha", 2)]
    [InlineData("Selu", 0, 1.0507009873554805 * 1.6732632423543772)]
    [InlineData("Abs", 0, 0)]
    [InlineData("Sign", 0, 0)]
    [InlineData("Floor", 1, 0)]
    [InlineData("HardSigmoid", -2.5, 0)]
    [InlineData("HardSigmoid", 2.5, 0)]
    [InlineData("HardSigmoid", 0, 0.2)]
    [InlineData("ThresholdedRelu", 1, 0, "alpha", 1)]
    [InlineData("Shrink", 0.5, 0, "lambd", 0.5)]
    [InlineData("Shrink", -0.5, 0, "lambd", 0.5)]
    [InlineData("Softplus", 0, 0.5)]
    [InlineData("Softsign", 0, 1)]
    [InlineData("HardSwish", -3, 0)]
    [InlineData("HardSwish", 3, 1)]
    [InlineData("HardSwish", 0, 0.5)]
    public void A_functions_gradient_at_its_corner_is_PyTorchs(string operation, double at, double expected, string? attribute = null, double value = 0)
    {
        var sketch = new Sketch().Input("x", 1).Node(operation, "x", "y", attribute is null ? [] : [(attribute, new FloatValue((float)value))]).Output("y", 1);

        Assert.Equal(expected, GradientAt(sketch, at).Input, 1e-6);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_clip_passes_the_gradient_on_at_its_bounds_also_where_they_are_computed(double at)
    {
        var constant = new Sketch().Input("x", 1).Floats("low", [], -1).Floats("high", [], 1).Node("Clip", "x,low,high", "y").Output("y", 1);
        var computed = new Sketch().Input("x", 1).Floats("one", [], 1).Node("Neg", "one", "low").Node("Neg", "low", "high").Node("Clip", "x,low,high", "y").Output("y", 1);

        Assert.Equal(1, GradientAt(constant, at).Input);
        Assert.Equal(1, GradientAt(computed, at).Input);
    }

    [Theory]
    [InlineData(0, 0.25, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(-2, 0.25, -2)]
    public void A_PRelu_at_zero_has_its_slope_as_gradient(double at, double input, double slope)
    {
        var sketch = new Sketch().Input("x", 1).Constant("slope", TensorData.Create<float>([0.25f], 1), trainable: true).Node("PRelu", "x,slope", "y").Output("y", 1);

        Assert.Equal((input, slope), GradientAt(sketch, at));
    }

    [Theory]
    [InlineData("Max")]
    [InlineData("Min")]
    public void Equals_share_the_gradient_of_the_larger_and_the_smaller(string operation)
    {
        var sketch = new Sketch().Input("x", 1).Constant("w", TensorData.Create<float>([3], 1), trainable: true).Node(operation, "x,w", "y").Output("y", 1);

        Assert.Equal((0.5, 0.5), GradientAt(sketch, 3));
    }

    [Theory]
    [InlineData("ReduceMax", 0.5)]
    [InlineData("ReduceMin", 0.5)]
    [InlineData("ReduceL2", 0)]
    [InlineData("ReduceL1", 0)]
    public void A_reduction_of_equals_shares_and_a_norm_of_zeros_has_none(string operation, double expected)
    {
        var sketch = new Sketch().Input("x", 1).Node("Concat", "x,x", "two", ("axis", new IntValue(0))).Node(operation, "two", "y", ("keepdims", new IntValue(1))).Output("y", 1);

        // Both halves are the same number: its gradient is their sum.
        Assert.Equal(2 * expected, GradientAt(sketch, 0).Input);
    }

    private static (double Input, double Weight) GradientAt(Sketch sketch, double at)
    {
        using var executor = new GraphExecutor(sketch.Graph, new() { Precision = ElementType.Float64 });
        using var x = torch.tensor(new[] { at }, [1]).requires_grad_();
        using var outputs = executor.Train(x, step: 0);
        using var sum = outputs["y"].sum();
        if (!sum.requires_grad)
        {
            return (0, 0);
        }

        sum.backward();
        return (x.grad is { } gradient ? gradient.ToDouble() : 0, executor.Gradients.numel() > 0 ? executor.Gradients.sum().ToDouble() : 0);
    }
}
