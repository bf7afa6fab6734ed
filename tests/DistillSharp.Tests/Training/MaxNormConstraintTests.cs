using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

public sealed class MaxNormConstraintTests
{
    [Fact]
    public void Rows_above_the_bound_are_scaled_to_it_and_the_rest_left()
    {
        using var buffer = Buffer(("weight", [3, 2], [3, 4, 0.3, 0.4, 0, 0]), ("bias", [2], [30, 40]));

        MaxNormConstraint.Apply(buffer, 2);

        // Of (3, 4) the norm is 5: it becomes (3, 4) * 2 / 5. Biases are no incoming weights.
        double[] expected = [1.2, 1.6, 0.3, 0.4, 0, 0, 30, 40];
        Assert.All(expected.Zip(buffer.Values.data<double>()), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
    }

    [Fact]
    public void A_filters_row_is_all_its_elements()
    {
        using var buffer = Buffer(("conv", [2, 1, 2, 2], [1, 1, 1, 1, 2, 2, 2, 2]));

        MaxNormConstraint.Apply(buffer, 2);

        Assert.All(buffer.Values.data<double>(), value => Assert.Equal(1, value, 1e-10));
    }

    [Fact]
    public void Weights_within_the_bound_are_not_touched_in_a_single_bit()
    {
        double[] values = [0.1, 0.7, -0.3, 1.0 / 3];
        using var buffer = Buffer(("weight", [2, 2], values));

        MaxNormConstraint.Apply(buffer, 1);

        Assert.Equal(values, buffer.Values.data<double>());
    }

    private static FlatBuffer Buffer(params (string Name, long[] Shape, double[] Values)[] parts)
    {
        var graph = new ModelGraph();
        foreach (var (name, shape, values) in parts)
        {
            graph.Add(new(name, TensorData.Create<double>(values, shape), trainable: true));
        }

        var buffer = new FlatBuffer(graph.Initializers, name => name.EndsWith("bias", StringComparison.Ordinal) ? ParameterRole.Bias : ParameterRole.Weight, ScalarType.Float64, CPU);
        buffer.Read(graph);
        return buffer;
    }
}
