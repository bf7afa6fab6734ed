using DistillSharp.Execution;
using DistillSharp.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution.Operators;

/// <summary>QuantizeLinear on the way to DequantizeLinear: straight through inside the range, nothing outside (DESIGN: quantised graphs train).</summary>
public sealed class QuantizationsTests
{
    /// <summary>By hand, with scale 0.5 and int8: 0.6 → 1 → 0.5; 100 → 127 → 63.5; -100 → -128 → -64; 63.6 → 127 → 63.5, which is inside; 63.8 → 128, which is not.</summary>
    [Fact]
    public void Values_are_rounded_and_gradients_pass_inside_the_range_only()
    {
        using var executor = new GraphExecutor(There_and_back(), new() { Precision = ElementType.Float64 });
        using var x = torch.tensor(new[] { 0.6, 100, -100, 63.6, 63.8, -0.25, -64 }, requires_grad: true);
        using var factors = torch.tensor(new[] { 1.0, 2, 3, 4, 5, 6, 7 });
        using var outputs = executor.Train(x, step: 0);
        using var loss = outputs["y"].mul(factors).sum();
        loss.backward();

        Assert.Equal([0.5, 63.5, -64, 63.5, 63.5, 0, -64], outputs["y"].data<double>());
        Assert.Equal([1.0, 0, 0, 4, 0, 6, 7], x.grad!.data<double>());
    }

    [Fact]
    public void Evaluation_gives_what_training_gives()
    {
        using var executor = new GraphExecutor(There_and_back());
        using var x = torch.tensor(new[] { 0.6f, 100, -100, 63.6f, 63.8f, -0.25f, -64 });
        using var trained = executor.Train(x, step: 0);
        using var evaluated = executor.Evaluate(x);

        Assert.Equal(trained["y"].data<float>(), evaluated["y"].data<float>());
    }

    [Fact]
    public void A_quantised_value_that_is_wanted_has_its_integer_type()
    {
        using var executor = new GraphExecutor(There_and_back(), new() { Wanted = ["q", "y"] });
        using var x = torch.tensor(new[] { 0.6f, 100, -100, 63.6f, 63.8f, -0.25f, -64 });
        using var outputs = executor.Evaluate(x);

        Assert.Equal(ScalarType.Int8, outputs["q"].dtype);
        Assert.Equal(new sbyte[] { 1, 127, -128, 127, 127, 0, -128 }, outputs["q"].data<sbyte>());
        Assert.Equal([0.5f, 63.5f, -64, 63.5f, 63.5f, 0, -64], outputs["y"].data<float>());
    }

    private static ModelGraph There_and_back()
    {
        var graph = new ModelGraph { Name = "there and back" };
        graph.Inputs.Add(new("x", ElementType.Float32, [7]));
        graph.Outputs.Add(new("y", ElementType.Float32, [7]));
        graph.Add(new("scale", TensorData.Create<float>([0.5f]), trainable: false));
        graph.Add(new("zero", TensorData.Create<sbyte>([0]), trainable: false));
        graph.Nodes.Add(new("QuantizeLinear", ["x", "scale", "zero"], ["q"]));
        graph.Nodes.Add(new("DequantizeLinear", ["q", "scale", "zero"], ["y"]));
        return graph;
    }
}
